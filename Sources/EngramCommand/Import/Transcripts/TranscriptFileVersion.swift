internal import Episodes

/// What tells without reading that a transcript's file has not changed.
struct TranscriptFileVersion: Codable, Hashable {
  var size: Int
  var inode: UInt64
  var modified: Timestamp
}
