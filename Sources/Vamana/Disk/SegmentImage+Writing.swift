internal import Platform

extension SegmentImage {
  /// Writes the image to a file, which appears under its name when it is complete and durable.
  ///
  /// - Parameter path: a file that is there is replaced. The bytes go to a file `<path>.<number>.partial` first.
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``; the file at `path` is as it was then.
  public func write(toFile path: String) throws(VamanaError) {
    try DurableFile.write(bytes, to: path)
  }
}
