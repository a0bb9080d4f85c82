internal import DurableStore

/// What a change said when it was carried: by it a store is told from one that was restored from an older
/// copy and has gone another way since.
struct ChangeMark: Equatable {
  var sequence: Int64
  /// Kind, operation and id.
  private var content: String

  /// The last of `changes` that says something: numbers of embeddings are the same in every store.
  init?(lastOf changes: ArraySlice<Change>) {
    guard let change = changes.last(where: { $0.kind != .embedding && $0.kind != .segment })
    else { return nil }
    self.init(change)
  }

  private init(_ change: Change) {
    sequence = change.sequence
    content = "\(change.kind.rawValue) \(change.operation.rawValue) \(change.recordID)"
  }

  init?(_ text: Substring) {
    let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let sequence = Int64(words[0]) else { return nil }
    self.sequence = sequence
    content = String(words[1])
  }

  var text: String { "\(sequence) \(content)" }

  func isOf(_ change: Change) -> Bool { self == ChangeMark(change) }
}
