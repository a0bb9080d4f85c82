#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Cuts a stream of bytes into lines, and holds one line at most.
package struct LineSplitter {
  package enum Line: Hashable, Sendable {
    /// Without its end: LF, or CR and LF.
    case text([UInt8])
    /// Longer than is taken; its bytes are gone.
    case tooLong

    /// Bytes that are held for it.
    package var byteCount: Int { if case .text(let bytes) = self { bytes.count } else { 0 } }
  }

  /// The longest line, in bytes.
  package let bytesMax: Int
  private var held: [UInt8] = []
  private var isTooLong = false
  /// Lines that have ended, empty ones included.
  private var endedCount = 0

  package init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Adds bytes, and calls `body` with each line that they end. Empty lines are passed over.
  package mutating func add(_ bytes: UnsafeRawBufferPointer, _ body: (Line) -> Void) {
    addNumbered(bytes) { body($1) }
  }

  /// The last line, if the stream ended within it.
  package mutating func finish(_ body: (Line) -> Void) { finishLine { body($1) } }

  /// The same with the number of each line in the stream, from 1: empty ones count.
  package mutating func addNumbered(
    _ bytes: UnsafeRawBufferPointer, _ body: (Int, Line) -> Void
  ) {
    var start = 0
    // SAFETY: what is looked through lies behind `start`, within the bytes.
    while start < bytes.count, let base = bytes.baseAddress,
      let end = memchr(base + start, 0x0A, bytes.count - start)
    {
      let position = UnsafeRawPointer(end) - base
      append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      start = position + 1
      finishLine(body)
    }
    append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }

  package mutating func finishNumbered(_ body: (Int, Line) -> Void) { finishLine(body) }

  /// Bytes of the line that has not ended.
  package var heldByteCount: Int { held.count }

  private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if isTooLong { return }
    // A carriage return at the end does not count, and one more byte tells that there is one.
    if held.count + bytes.count > bytesMax + 1 {
      isTooLong = true
      held = []
    } else {
      held.append(contentsOf: bytes)
    }
  }

  private mutating func finishLine(_ body: (Int, Line) -> Void) {
    endedCount += 1
    if held.last == 0x0D { held.removeLast() }
    let line = held
    let wasTooLong = isTooLong || line.count > bytesMax
    held = []
    isTooLong = false
    if wasTooLong {
      body(endedCount, .tooLong)
    } else if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
      body(endedCount, .text(line))
    }
  }
}
