/// The header of a NumPy array file.
///
/// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays": the magic bytes,
/// a version, the length of the text, and a Python dictionary with `descr`, `fortran_order` and
/// `shape`, padded with spaces and ended by a line feed.
struct NumPyHeader: Equatable {
  /// A type of elements that is read.
  enum Element: String {
    case float16 = "<f2"
    case float32 = "<f4"
    case float64 = "<f8"
    case int32 = "<i4"
    case int64 = "<i8"
    case uint32 = "<u4"
    case uint64 = "<u8"

    var byteCount: Int {
      switch self {
      case .float16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      }
    }
  }

  var element: Element
  var count: Int
  var dimension: Int
  /// Where the values begin, in bytes.
  var dataOffset: Int

  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// A version-1 header cannot be longer; no two-dimensional array needs more in later versions.
  private static let textBytesMax = 1 << 16
  /// Room for the longest count, so that it can be written when the last row is.
  private static let writtenBytes = 128

  /// Reads the header at the start of a file.
  init(_ bytes: UnsafeRawBufferPointer) throws(VectorFileError.Cause) {
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(Self.magic) else {
      throw .badHeader("does not begin with the bytes of a NumPy file")
    }
    let major = bytes[6]
    let start: Int
    let length: Int
    switch major {
    case 1:
      start = 10
      length = Int(bytes[8]) | Int(bytes[9]) << 8
    case 2, 3:
      guard bytes.count >= 12 else { throw .badHeader("ends too early") }
      start = 12
      length = (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    default: throw .badHeader("has version \(major); expected 1, 2 or 3")
    }
    guard length <= Self.textBytesMax else { throw .badHeader("is \(length) bytes long") }
    guard bytes.count >= start + length else { throw .badHeader("ends too early") }
    let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
    var fields = NumPyHeaderFields()
    try fields.parse(text)
    guard let descr = fields.descr, let fortran = fields.fortranOrder, let shape = fields.shape
    else { throw .badHeader("lacks 'descr', 'fortran_order' or 'shape'") }
    guard let element = Element(rawValue: descr) else {
      throw .unsupported(
        descr.hasPrefix(">")
          ? "holds big-endian values ('\(descr)'); expected little-endian ones ('<f4')"
          : "holds values of type '\(descr)'; expected float32, float64 or float16")
    }
    guard shape.count == 2 else {
      throw .unsupported("has \(shape.count) axes; expected 2: (count, dimension)")
    }
    guard !fortran || shape[0] <= 1 || shape[1] <= 1 else {
      throw .unsupported("is in Fortran order; save it with numpy.ascontiguousarray")
    }
    self.element = element
    count = shape[0]
    dimension = shape[1]
    dataOffset = start + length
  }

  /// A version-1 header of ``writtenBytes`` bytes for `count` rows of little-endian values.
  static func bytes(element: Element, count: Int, dimension: Int) -> [UInt8] {
    var text =
      "{'descr': '\(element.rawValue)', 'fortran_order': False, "
      + "'shape': (\(count), \(dimension)), }"
    text += String(repeating: " ", count: writtenBytes - 10 - 1 - text.utf8.count) + "\n"
    let length = writtenBytes - 10
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}
