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
/// symbols u32, each a text
/// an entry for each document: id (text), start i64, sequence u64, reward f32, effectiveness f32,
///   symbols of namespace, session, agent, domain, task type, language, framework, outcome u32 each,
///   tags u32, each u32, state u8 (1 finished, 2 superseded, 4 valid from, 8 valid until),
///   valid from i64, valid until i64, embeddings u32, each u64
/// ```
///
/// Little-endian; a text is the count of its bytes (u32) and UTF-8; a number that is not known is NaN.
/// Version 2 has symbols in place of hashes, and embeddings; files of version 1 are made anew.
enum RetrievalIndexFile {
  private static let magic = Array("ENGRWRD1".utf8)
  private static let version: UInt32 = 2
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
    let (columns, symbols) = (index.directory.columns, index.directory.symbols)
    writer.append(UInt32(symbols.names.count))
    for name in symbols.names { writer.append(name) }
    for number in 0..<columns.count { columns[number].write(to: &writer) }
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
    var names: [String] = []
    for _ in 0..<(try reader.number(UInt32.self)) { names.append(try reader.text()) }
    guard let symbols = SymbolTable(names: names) else { return nil }
    var entries: [DirectoryEntry] = []
    entries.reserveCapacity(text.documentCount)
    for _ in 0..<text.documentCount { entries.append(try DirectoryEntry(reading: &reader)) }
    guard reader.remaining == 0, Set(entries.lazy.map(\.id)).count == entries.count,
      entries.allSatisfy({ $0.isSound(symbolCount: names.count) })
    else { return nil }
    return RetrievalIndex(
      text: text, directory: EpisodeDirectory(entries, symbols: symbols), filling: filling,
      watermark: watermark, isFilled: true)
  }

  private static func checksum(of bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum(of: $0) }
  }

  private static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[(headerBytes - 4)...]))
  }
}
