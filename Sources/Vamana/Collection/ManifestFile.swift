internal import Platform
internal import VectorMath

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// A manifest in a file: a line with the checksum of what follows, then JSON.
enum ManifestFile {
  private static let checksumDigitCount = 8

  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``; the manifest that was there still is then.
  static func write(_ manifest: SegmentManifest, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = [UInt8](try encoder.encode(manifest))
    let file = Array((checksum(of: json) + "\n").utf8) + json
    try file.withUnsafeBytes { try DurableFile.write($0, to: path) }
  }

  /// - Returns: nil if there is no such file.
  /// - Throws: ``VectorIndexError/invalidManifest(problem:)`` for bytes that are not as they were written.
  static func read(_ path: String) throws -> SegmentManifest? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let json = Array(file.dropFirst(checksumDigitCount + 1))
    guard file.starts(with: Array((checksum(of: json) + "\n").utf8)) else {
      throw VectorIndexError.invalidManifest(
        problem: "the checksum of \(path) does not match: it is corrupt")
    }
    do {
      return try JSONDecoder().decode(SegmentManifest.self, from: Data(json))
    } catch {
      throw VectorIndexError.invalidManifest(problem: "\(path) cannot be read: \(error)")
    }
  }

  private static func checksum(of bytes: [UInt8]) -> String {
    let digits = String(bytes.withUnsafeBytes { CRC32C.checksum(of: $0) }, radix: 16)
    return String(repeating: "0", count: checksumDigitCount - digits.count) + digits
  }
}
