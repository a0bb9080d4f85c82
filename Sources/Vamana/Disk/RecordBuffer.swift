/// The memory of one thread's reads of node records.
final class RecordBuffer {
  // SAFETY: `record` has room for what `prepare` was asked for; `asked` for `askedCount` nodes.
  let record = ScratchBlock<UInt8>()
  /// Whether the last read had to wait for the disk. It says what to expect of the next.
  var readsWait = false

  /// Nodes whose records were asked for ahead of time, each in a place of its own or in that of another.
  private let asked = ScratchBlock<UInt32>()
  private static let askedCount = 256

  func prepare(byteCount: Int) {
    record.reserve(byteCount)
    asked.reserve(Self.askedCount)
    asked.base.initialize(repeating: .max, count: Self.askedCount)
  }

  /// Notes that `node` is asked for; false if it was already.
  func ask(for node: UInt32) -> Bool {
    let place = Int(node) % Self.askedCount
    guard asked.base[place] != node else { return false }
    asked.base[place] = node
    return true
  }
}
