import Episodes

extension Embedding {
  func validate() throws(ValidationError) {
    try Identifier.check(owner.id, field: "embedding.owner.id")
    guard owner.part >= 0 else {
      throw ValidationError(
        field: "embedding.owner.part", problem: "is \(owner.part)", expected: "0 or more")
    }
    guard !model.isEmpty else {
      throw ValidationError(
        field: "embedding.model", problem: "is empty", expected: "the identifier of a model")
    }
    guard !contentHash.isEmpty else {
      throw ValidationError(
        field: "embedding.contentHash", problem: "is empty",
        expected: "the SHA-256 of the embedded text")
    }
    guard (1...StoreRules.dimensionMax).contains(vector.count) else {
      throw ValidationError(
        field: "embedding.vector", problem: "has \(vector.count) numbers",
        expected: "1 to \(StoreRules.dimensionMax)")
    }
    guard vector.allSatisfy(\.isFinite) else {
      throw ValidationError(
        field: "embedding.vector", problem: "holds a number that is not finite",
        expected: "finite numbers")
    }
  }
}
