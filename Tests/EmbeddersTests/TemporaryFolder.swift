import Foundation

/// A folder that goes with its owner.
final class TemporaryFolder {
  let url: URL
  var path: String { url.path() }

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "embedders-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and gives its path.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = url.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path()
  }
}

extension TemporaryFolder {
  /// Makes a symbolic link.
  func link(_ file: URL, to path: String) throws {
    try FileManager.default.createSymbolicLink(atPath: file.path(), withDestinationPath: path)
  }
}
