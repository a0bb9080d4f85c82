import Episodes
import SwiftProtobuf

/// The bytes of records in the tables: a version byte and then the message; between them, for an
/// episode, the moment it expires.
enum RecordFormat {
  /// The format of the whole environment; a cache of another format is rebuilt.
  static let environment = "engram-records 1"
  static let version: UInt8 = 1
  /// The expiry of what does not expire.
  static let neverExpires = Int64.max

  /// Version and expiry (nanoseconds since 1970, little endian).
  static let episodeHeaderBytes = 9
  static let recordHeaderBytes = 1

  static func encode(_ episode: Episode, expiresAt: Int64) throws(WireError) -> [UInt8] {
    var header = [version]
    withUnsafeBytes(of: expiresAt.littleEndian) { header += $0 }
    return try encode(WireEpisode(episode), header: header)
  }

  static func encode(_ pattern: Pattern) throws(WireError) -> [UInt8] {
    try encode(WirePattern(pattern), header: [version])
  }

  static func encode(_ heuristic: Heuristic) throws(WireError) -> [UInt8] {
    try encode(WireHeuristic(heuristic), header: [version])
  }

  static func encode(
    _ message: some SwiftProtobuf.Message, header: [UInt8]
  ) throws(WireError) -> [UInt8] {
    do {
      let body: [UInt8] = try message.serializedBytes()
      return header + body
    } catch {
      throw .message
    }
  }

  /// When the stored episode expires.
  static func expiry(_ value: UnsafeRawBufferPointer) throws(WireError) -> Int64 {
    guard value.count >= episodeHeaderBytes, value[0] == version else { throw .header }
    return Int64(littleEndian: value.loadUnaligned(fromByteOffset: 1, as: Int64.self))
  }

  static func episode(_ value: UnsafeRawBufferPointer) throws(WireError) -> Episode {
    let message: WireEpisode = try decode(value, headerBytes: episodeHeaderBytes)
    return try message.episode()
  }

  static func pattern(_ value: UnsafeRawBufferPointer) throws(WireError) -> Pattern {
    let message: WirePattern = try decode(value, headerBytes: recordHeaderBytes)
    return try message.pattern()
  }

  static func heuristic(_ value: UnsafeRawBufferPointer) throws(WireError) -> Heuristic {
    let message: WireHeuristic = try decode(value, headerBytes: recordHeaderBytes)
    return message.heuristic
  }

  static func decode<Message: SwiftProtobuf.Message>(
    _ value: UnsafeRawBufferPointer, headerBytes: Int
  ) throws(WireError) -> Message {
    guard value.count >= headerBytes, value[0] == version else { throw .header }
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do {
      let body = UnsafeRawBufferPointer(rebasing: value[headerBytes...])
      return try Message(serializedBytes: body.bytes, options: options)
    } catch {
      throw .message
    }
  }
}
