internal import Transcripts

/// How far a transcript was read, and how to tell that it is still the same file.
struct TranscriptPlace: Codable, Equatable {
  static let currentVersion = 2

  var version = currentVersion
  /// The store that has what comes before the place: another one has to be told all.
  var store = ""
  var path: String
  var format: TranscriptFormat
  /// Lines before the place, for messages.
  var lineNumber: Int
  var place: TranscriptParser.Place
  /// Of the bytes at the beginning of the file, and of those before the place.
  var headHash: UInt64
  var tailHash: UInt64
  /// What the file was when it was read.
  var stamp: TranscriptFileVersion
}
