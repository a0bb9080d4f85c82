import Crypto
import Episodes

/// What an episode says, as a short text: all of its fields but the id and what was made of it: the reward,
/// the patterns and the heuristics.
enum EpisodeContent {
  private static let byteCount = 16

  /// The first 128 bits, in hexadecimal digits, of the SHA-256 of the values that the episode is stored as: equal for episodes that differ
  /// in nothing but those, on every machine.
  ///
  /// - Complexity: linear in the size of the texts.
  static func hash(of episode: Episode) -> String {
    var episode = episode
    episode.patternIDs = []
    episode.heuristicIDs = []
    episode.reward = nil
    var values: [SQLValue] = []
    EpisodeRow.append(episode, revision: 0, to: &values)
    // The id is the first.
    values.removeFirst()
    for step in episode.steps { StepRow.append(step, episode: .null, revision: 0, to: &values) }
    for (position, checkpoint) in episode.checkpoints.enumerated() {
      values += CheckpointRow.arguments(
        checkpoint, position: position, episode: .null, revision: 0)
    }
    var bytes: [UInt8] = []
    for value in values { append(value, to: &bytes) }
    var hash = SHA256()
    hash.update(data: bytes)
    return digits(hash.finalize().prefix(byteCount))
  }

  /// Bytes in hexadecimal digits.
  static func digits(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The kind of the value and its length come first, so that no two lists of values look alike.
  private static func append(_ value: SQLValue, to bytes: inout [UInt8]) {
    func append(_ kind: UInt8, _ number: UInt64) {
      bytes.append(kind)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    switch value {
    case .null: bytes.append(0)
    case .integer(let integer): append(1, UInt64(bitPattern: integer))
    // Zero has two signs, and is one number.
    case .real(let real): append(2, (real == 0 ? 0 : real).bitPattern)
    case .text(let text):
      append(3, UInt64(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    case .blob(let blob):
      append(4, UInt64(blob.count))
      bytes.append(contentsOf: blob)
    }
  }
}
