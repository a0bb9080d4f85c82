import Episodes

/// Rules of single values that several kinds of records share.
enum StoreRules {
  /// The largest dimension of an embedding.
  static let dimensionMax = 65_536

  static func check(finite number: Double, field: String) throws(ValidationError) {
    guard number.isFinite else {
      throw ValidationError(field: field, problem: "is \(number)", expected: "a finite number")
    }
  }
}
