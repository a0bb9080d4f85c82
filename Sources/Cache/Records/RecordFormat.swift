import Episodes
import SwiftProtobuf

/// The messages that stand for records; ``RecordCodec`` makes stored values of them.
enum RecordFormat {
  /// The format of the whole environment; a cache of another format is rebuilt.
  static let environment = "engram-records 2"

  static func message(of episode: Episode) throws(WireError) -> [UInt8] {
    try encode(WireEpisode(episode))
  }

  static func message(of pattern: Pattern) throws(WireError) -> [UInt8] {
    try encode(WirePattern(pattern))
  }

  static func message(of heuristic: Heuristic) throws(WireError) -> [UInt8] {
    try encode(WireHeuristic(heuristic))
  }

  static func encode(_ message: some SwiftProtobuf.Message) throws(WireError) -> [UInt8] {
    do {
      return try message.serializedBytes()
    } catch {
      throw .message
    }
  }

  static func episode(_ message: UnsafeRawBufferPointer) throws(WireError) -> Episode {
    var reader = MessageReader(message)
    return try reader.episode()
  }

  static func pattern(_ message: UnsafeRawBufferPointer) throws(WireError) -> Pattern {
    let message: WirePattern = try decode(message)
    return try message.pattern()
  }

  static func heuristic(_ message: UnsafeRawBufferPointer) throws(WireError) -> Heuristic {
    let message: WireHeuristic = try decode(message)
    return message.heuristic
  }

  static func decode<Message: SwiftProtobuf.Message>(
    _ bytes: UnsafeRawBufferPointer
  ) throws(WireError) -> Message {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    do {
      return try Message(serializedBytes: bytes.bytes, options: options)
    } catch {
      throw .message
    }
  }
}
