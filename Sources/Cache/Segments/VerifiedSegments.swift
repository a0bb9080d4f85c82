/// Which images were found whole since the file they are in was last written, by any process.
///
/// Kept in a small file beside the cache, which says what the cache's file was like then (``SettledFileMark``).
/// After a loss of power, or once anybody wrote to the cache, images are read and checked again. The file
/// may be missing, or lost: that costs one more check.
struct VerifiedSegments {
  /// What the cache's file is like.
  private let stamp: String
  private var checksums: [Int64: String] = [:]
  private let path: String

  /// - Parameter cachePath: the directory of the cache.
  /// - Returns: nil where the system does not say what is needed.
  init?(cachePath: String) {
    path = cachePath + ".verified"
    guard let stamp = SettledFileMark.of(cachePath + "/data.mdb") else { return nil }
    self.stamp = stamp
    let lines = FileSystem.text(of: path, bytesMax: 1 << 20)?.split(separator: "\n") ?? []
    guard lines.first == stamp[...] else { return }
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let id = Int64(parts[0]) else { continue }
      checksums[id] = String(parts[1])
    }
  }

  func contains(id: Int64, checksum: String) -> Bool { checksums[id] == checksum }

  /// Adds an image that was read after this object was made.
  mutating func insert(id: Int64, checksum: String) {
    guard !checksum.isEmpty, !checksum.contains(where: \.isNewline) else { return }
    checksums[id] = checksum
    let lines = checksums.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    FileSystem.replace(path, by: ([stamp] + lines).joined(separator: "\n") + "\n")
  }
}
