/// What a safetensors header says about one tensor.
struct TensorDescription: Hashable, Sendable {
  /// The type of an element as the format spells it, such as `F32`.
  var elementType: String
  /// The lengths of the axes, outermost first.
  var shape: [Int]
  /// Where the elements lie, in bytes from the end of the header.
  var byteRange: Range<Int>

  /// The bytes of an element of a type, nil if the format has no such type.
  static func byteCount(ofElementType type: String) -> Int? {
    switch type {
    case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2": 1
    case "I16", "U16", "F16", "BF16": 2
    case "I32", "U32", "F32": 4
    case "I64", "U64", "F64": 8
    default: nil
    }
  }
}
