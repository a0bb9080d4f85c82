/// Cuts a stream of bytes into lines, and holds one line at most.
struct LineSplitter {
  enum Line: Hashable, Sendable {
    /// Without its end: LF, or CR and LF.
    case text([UInt8])
    /// Longer than is taken; its bytes are gone.
    case tooLong
  }

  /// The longest line, in bytes.
  let bytesMax: Int
  private var held: [UInt8] = []
  private var isTooLong = false

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Adds bytes, and calls `body` with each line that they end. Empty lines are passed over.
  mutating func add(_ bytes: UnsafeRawBufferPointer, _ body: (Line) -> Void) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      append(rest[..<end])
      rest = rest[(end + 1)...]
      finishLine(body)
    }
    append(rest)
  }

  /// The last line, if the stream ended within it.
  mutating func finish(_ body: (Line) -> Void) { finishLine(body) }

  private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) {
    if isTooLong { return }
    // A carriage return at the end does not count, and one more byte tells that there is one.
    if held.count + bytes.count > bytesMax + 1 {
      isTooLong = true
      held = []
    } else {
      held.append(contentsOf: bytes)
    }
  }

  private mutating func finishLine(_ body: (Line) -> Void) {
    if held.last == 0x0D { held.removeLast() }
    let line = held
    let wasTooLong = isTooLong || line.count > bytesMax
    held = []
    isTooLong = false
    if wasTooLong {
      body(.tooLong)
    } else if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
      body(.text(line))
    }
  }
}
