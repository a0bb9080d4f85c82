/// How far a cache has been filled from the records of the store themselves.
struct FillState: Equatable {
  /// The change from which the log is followed afterwards. What was written since is in the log.
  var target: Int64
  var part: Part
  /// The last record of the part that is in the cache; empty at its start.
  var cursor: String

  /// Carried one after the other.
  enum Part: String, CaseIterable {
    case episodes, patterns, heuristics, embeddings

    var next: Part? {
      switch self {
      case .episodes: .patterns
      case .patterns: .heuristics
      case .heuristics: .embeddings
      case .embeddings: nil
      }
    }
  }

  init(target: Int64, part: Part = .episodes, cursor: String = "") {
    self.target = target
    self.part = part
    self.cursor = cursor
  }

  init?(_ text: Substring) {
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3, let target = Int64(words[0]),
      let part = Part(rawValue: String(words[1]))
    else { return nil }
    self.init(target: target, part: part, cursor: String(words[2]))
  }

  var text: String { "\(target) \(part.rawValue) \(cursor)" }

  /// Whether a watermark is that of a cache being filled: a negative number, another one after each
  /// page, so that no page of one process gets mixed with those of another, and a process that stopped
  /// half-way is told from one at work.
  static func isUnderWay(_ watermark: Int64) -> Bool { watermark < 0 }

  static func newMark() -> Int64 { -Int64.random(in: 1...Int64.max) }
}
