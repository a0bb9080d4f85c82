internal import Platform

extension DurableFile {
  /// Writes a file of an index, which appears under its name when it is complete and durable.
  ///
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``; what was at `path` is as it was.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(VamanaError) {
    do {
      try replace(path, with: bytes, permissions: 0o644)
    } catch {
      throw VamanaError(error)
    }
  }
}

extension VamanaError {
  init(_ failure: FileFailure) {
    self = .fileFailed(path: failure.path, offset: failure.offset, problem: failure.problem)
  }
}
