#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Cuts a file or pipe of any size into lines, keeping one line in memory.
///
/// A line ends with LF or CRLF; the last one may end with the file. A byte order mark at the start
/// is passed over. Lines are counted from 1. With another delimiter than LF the pieces are given as
/// they are.
struct LineReader: ~Copyable {
  /// A line as it stands in the buffer, without its end.
  enum Line {
    case text(UnsafeRawBufferPointer)
    /// The line is longer than the reader takes; its bytes were passed over.
    case tooLong
  }

  let lineBytesMax: Int
  /// The number of the line that was read last.
  private(set) var lineNumber = 0
  /// Bytes of the lines read so far, ends included.
  private(set) var bytesConsumed = 0
  /// Whether the line that was read last has an end: the last one of a file that is written to may have none yet.
  private(set) var isLineEnded = true
  private let delimiter: UInt8
  private let file: InputFile
  private var buffer: UnsafeMutableRawBufferPointer
  /// The bytes in the buffer that are not yet given out.
  private var start = 0
  private var end = 0
  private var reachedEnd = false

  init(_ file: consuming InputFile, lineBytesMax: Int, delimiter: UInt8 = 0x0A) {
    self.file = file
    self.delimiter = delimiter
    self.lineBytesMax = lineBytesMax
    buffer = .allocate(byteCount: 1 << 18, alignment: 16)
  }

  /// Reads on from the beginning of a line.
  ///
  /// - Parameters:
  ///   - offset: of the line, in bytes.
  ///   - lineNumber: how many lines come before it.
  init(
    _ file: consuming InputFile, lineBytesMax: Int, from offset: Int, after lineNumber: Int
  ) throws(FileError) {
    guard lseek(file.descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
      throw FileError.last(.read, path: file.path)
    }
    self.init(file, lineBytesMax: lineBytesMax)
    bytesConsumed = offset
    self.lineNumber = lineNumber
  }

  deinit { buffer.deallocate() }

  /// Calls `body` with the next line, whose bytes are valid during the call only.
  ///
  /// - Returns: what `body` returns, or nil at the end of the file.
  mutating func next<Result>(_ body: (Line) -> Result) throws(FileError) -> Result? {
    var scanned = 0
    var isTooLong = false
    while true {
      // SAFETY: start + scanned ≤ end ≤ the size of the buffer; delimiters are looked for among
      // the bytes that were read.
      let base = UnsafeRawPointer(buffer.baseAddress!)
      if let found = memchr(base + start + scanned, Int32(delimiter), end - start - scanned) {
        let length = UnsafeRawPointer(found) - (base + start)
        let from = start
        start += length + 1
        bytesConsumed += length + 1
        lineNumber += 1
        return body(isTooLong ? .tooLong : line(from: from, length: length))
      }
      scanned = end - start
      if scanned > lineBytesMax {
        isTooLong = true
        bytesConsumed += scanned
        start = end
        scanned = 0
      }
      if reachedEnd {
        guard end > start || isTooLong else { return nil }
        let from = start
        start = end
        bytesConsumed += scanned
        lineNumber += 1
        isLineEnded = false
        return body(isTooLong ? .tooLong : line(from: from, length: scanned))
      }
      try fill()
    }
  }

  private func line(from start: Int, length: Int) -> Line {
    var bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
    let isText = delimiter == 0x0A
    if isText, bytes.last == 0x0D {
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast())
    }
    if isText, lineNumber == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(3))
    }
    return bytes.count > lineBytesMax ? .tooLong : .text(bytes)
  }

  /// Reads more behind the bytes that are there, after moving them to the front of a buffer that is
  /// large enough.
  private mutating func fill() throws(FileError) {
    let kept = end - start
    if kept > buffer.count / 2 {
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: buffer.count * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      buffer.deallocate()
      buffer = larger
    } else if start > 0 {
      // SAFETY: both ranges lie in the buffer; memmove allows them to overlap.
      memmove(buffer.baseAddress!, buffer.baseAddress! + start, kept)
    }
    start = 0
    end = kept
    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    if count == 0 { reachedEnd = true }
    end += count
  }
}
