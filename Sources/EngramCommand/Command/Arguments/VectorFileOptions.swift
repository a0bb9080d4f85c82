internal import ArgumentParser

/// The vectors that are searched and those that are asked for.
struct VectorFileOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The vectors to search: .npy, .fvecs or .fbin.", valueName: "file"))
  var base: String

  @Option(help: ArgumentHelp("The vectors to ask for, likewise.", valueName: "file"))
  var queries: String

  /// Reads both.
  ///
  /// - Throws: ``CommandFailure`` that names the option if a file cannot be used or holds no vector.
  func read() throws -> (base: VectorMatrix, queries: VectorMatrix) {
    let base = try VectorMatrix.read(base, of: "--base")
    return (base, try VectorMatrix.read(queries, of: "--queries", dimension: base.dimension))
  }
}

extension VectorMatrix {
  /// Reads the file that `option` names, which must hold a vector.
  static func read(
    _ path: String, of option: String, dimension: Int? = nil
  ) throws -> VectorMatrix {
    try CommandFailure.naming(option) {
      let matrix = try VectorMatrix(path: path, dimension: dimension)
      guard matrix.count > 0 else {
        throw CommandFailure("'\(path)' holds no vector; expected at least one", status: .badData)
      }
      return matrix
    }
  }
}
