import Foundation

/// A directory that is deleted with the object.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("engram-cache-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

/// The bytes of the file `path` that the disk holds, without its holes.
func allocatedBytes(of path: String) throws -> Int {
  let values = try URL(fileURLWithPath: path).resourceValues(forKeys: [.totalFileAllocatedSizeKey])
  return try values.totalFileAllocatedSize ?? Data(contentsOf: URL(fileURLWithPath: path)).count
}
