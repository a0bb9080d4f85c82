/// Why stored bytes are not a record of this cache. Readers treat such a value as missing.
enum WireError: Error, Hashable {
  /// The value is too short, or its version byte is another's.
  case header
  /// The value, or its key, is not what was written.
  case checksum
  /// The bytes are not the message they should be.
  case message
  /// A field that must be set is absent or has a value this version does not know.
  case field(String)
  /// JSON text that is malformed, or nests deeper than ``JSONText/depthMax``.
  case json
  /// A compressed message does not decompress to the length that was written.
  case frame
  /// The dictionary that a message was compressed with is not there.
  case dictionary
  /// The message is longer than ``RecordCodec/messageBytesMax``.
  case tooLong
}
