import Foundation

/// A disk in memory that holds little: a folder where a test can let the disk fill up. Gone with the object.
public final class SmallDisk {
  public let path: String

  /// Whether this process may mount one.
  public static let isPossible: Bool = (try? SmallDisk(byteCount: 1 << 20)) != nil

  public struct NotMounted: Error {}

  public init(byteCount: Int) throws {
    path = NSTemporaryDirectory() + "engram-disk-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(byteCount)", "tmpfs", path) else {
      try? FileManager.default.removeItem(atPath: path)
      throw NotMounted()
    }
  }

  deinit {
    _ = Self.run("umount", "--lazy", path)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Leaves this much room, and fills the rest.
  public func fill(leaving byteCount: Int) throws {
    try empty()
    let file = path + "/filler"
    try Data().write(to: URL(filePath: file))
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    let page = Data(count: 4096)
    while (try? handle.write(contentsOf: page)) != nil {}
    let size = try handle.seekToEnd()
    try handle.truncate(atOffset: UInt64(max(0, Int(size) - byteCount)))
    try handle.close()
  }

  public func empty() throws {
    if FileManager.default.fileExists(atPath: path + "/filler") {
      try FileManager.default.removeItem(atPath: path + "/filler")
    }
  }

  private static func run(_ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
