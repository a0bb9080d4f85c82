internal import Platform
internal import TextSearch
internal import VectorMath

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where the index of words is kept between processes. The file follows from the durable store: one that is
/// missing, damaged or of another store is made anew.
///
/// ```
/// "ENGRWRD1" · CRC-32C of all that follows u32 · version u32 · filling (text) · watermark i64
/// the words: TextIndex
/// an entry for each document: id (text), session u64, start i64, sequence u64, reward f32, effectiveness f32,
///   domain u64, language u64, framework u64, tags u32, each u64
/// ```
///
/// Little-endian; a text is the count of its bytes (u32) and UTF-8; a number that is not known is NaN.
enum RetrievalIndexFile {
  private static let magic = Array("ENGRWRD1".utf8)
  private static let version: UInt32 = 1
  private static let headerBytes = 16
  private static let permissions: UInt32 = 0o600

  /// - Parameter index: compacted.
  static func write(_ index: RetrievalIndex, to path: String) throws(FileFailure) {
    var writer = BinaryWriter()
    writer.append(magic)
    writer.append(UInt32(0))
    writer.append(version)
    writer.append(index.filling)
    writer.append(index.watermark)
    index.text.write(to: &writer)
    for entry in index.directory.entries {
      writer.append(entry.id)
      writer.append(entry.session)
      writer.append(entry.start)
      writer.append(entry.sequence)
      writer.append(entry.reward ?? .nan)
      writer.append(entry.effectiveness ?? .nan)
      writer.append(entry.domain)
      writer.append(entry.language)
      writer.append(entry.framework)
      writer.append(UInt32(entry.tags.count))
      writer.append(entry.tags)
    }
    writer.replace(at: magic.count, with: checksum(of: writer.bytes))
    // It may be lost: the disk need not have it.
    try DurableFile.replace(
      path, with: writer.bytes, permissions: permissions, waitsForDisk: false)
  }

  /// - Returns: nil where there is no file, or none that can be used.
  static func read(_ path: String, filling: String) -> RetrievalIndex? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size > headerBytes
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let isRead = bytes.withUnsafeMutableBytes { buffer in
      var done = 0
      while done < buffer.count {
        // SAFETY: the range done..<count lies in the buffer.
        let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(done))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
    guard isRead, Array(bytes.prefix(magic.count)) == magic else { return nil }
    return bytes.withUnsafeBytes { try? index(in: $0, filling: filling) }
  }

  private static func index(
    in bytes: UnsafeRawBufferPointer, filling: String
  ) throws -> RetrievalIndex? {
    var reader = BinaryReader(bytes)
    _ = try reader.numbers(UInt8.self, count: magic.count)
    guard try reader.number(UInt32.self) == checksum(of: bytes),
      try reader.number(UInt32.self) == version, try reader.text() == filling
    else { return nil }
    let watermark = try reader.number(Int64.self)
    let text = try TextIndex(reading: &reader)
    var entries: [DirectoryEntry] = []
    entries.reserveCapacity(text.documentCount)
    for _ in 0..<text.documentCount { entries.append(try DirectoryEntry(reading: &reader)) }
    guard reader.remaining == 0, Set(entries.lazy.map(\.id)).count == entries.count,
      entries.allSatisfy({ $0.sequence < .max / 2 })
    else { return nil }
    return RetrievalIndex(
      text: text, directory: EpisodeDirectory(entries), filling: filling, watermark: watermark,
      isFilled: true)
  }

  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum(of: $0) }
  }

  private static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[(headerBytes - 4)...]))
  }
}

extension DirectoryEntry {
  fileprivate init(reading reader: inout BinaryReader) throws(BinaryReader.Malformed) {
    id = try reader.text()
    session = try reader.number()
    start = try reader.number()
    sequence = try reader.number()
    let reward = try reader.float()
    self.reward = reward.isNaN ? nil : reward
    let effectiveness = try reader.float()
    self.effectiveness = effectiveness.isNaN ? nil : effectiveness
    domain = try reader.number()
    language = try reader.number()
    framework = try reader.number()
    tags = try reader.numbers(count: Int(try reader.number(UInt32.self)))
  }
}
