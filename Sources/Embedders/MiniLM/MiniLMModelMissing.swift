/// The embedding model is not where it was looked for.
public struct MiniLMModelMissing: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file that is not there.
  public var path: String

  public init(path: String) {
    self.path = path
  }

  public var description: String {
    "embedding model missing: no \(path); fetch it with `make model`, "
      + "or set \(MiniLMModel.directoryVariable) to the folder that has it"
  }
}
