/// Reads the header of a safetensors file: one JSON object of a fixed form.
///
///     {"__metadata__": {"format": "pt"},
///      "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///
/// Nothing but this form is taken, and every number is checked for overflow.
struct SafetensorsHeaderParser {
  /// What is wrong, and at which byte of the header.
  struct Failure: Error {
    var problem: String
    var offset: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The tensors by name.
  mutating func parse() throws(Failure) -> [String: TensorDescription] {
    var tensors: [String: TensorDescription] = [:]
    try parseObject { (parser, name) throws(Failure) in
      if name == "__metadata__" {
        try parser.parseObject { (parser, _) throws(Failure) in _ = try parser.parseString() }
      } else {
        let tensor = try parser.parseTensor()
        guard tensors.updateValue(tensor, forKey: name) == nil else {
          throw parser.failure("the tensor \(name) is there twice")
        }
      }
    }
    skipSpace()
    guard position == bytes.count else { throw failure("there is more after the object") }
    return tensors
  }

  private mutating func parseTensor() throws(Failure) -> TensorDescription {
    var elementType: String?
    var shape: [Int]?
    var offsets: [Int]?
    try parseObject { (parser, key) throws(Failure) in
      switch key {
      case "dtype" where elementType == nil: elementType = try parser.parseString()
      case "shape" where shape == nil: shape = try parser.parseNumbers()
      case "data_offsets" where offsets == nil: offsets = try parser.parseNumbers()
      default: throw parser.failure("unexpected key \(key)")
      }
    }
    guard let elementType, let shape, let offsets else {
      throw failure("a tensor lacks dtype, shape or data_offsets")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw failure("data_offsets must be a start and an end")
    }
    return TensorDescription(
      elementType: elementType, shape: shape, byteRange: offsets[0]..<offsets[1])
  }

  private mutating func parseObject(
    _ member: (inout Self, String) throws(Failure) -> Void
  ) throws(Failure) {
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try parseString()
      try expect(":")
      try member(&self, key)
    } while accept(",")
    try expect("}")
  }

  private mutating func parseNumbers() throws(Failure) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    if accept("]") { return numbers }
    repeat { numbers.append(try parseNumber()) } while accept(",")
    try expect("]")
    return numbers
  }

  private mutating func parseNumber() throws(Failure) -> Int {
    skipSpace()
    let start = position
    var number = 0
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(bytes[position] & 15))
      guard !overflow, !carry else { throw failure("a number is too large") }
      number = sum
      position += 1
    }
    guard position > start else { throw failure("expected a whole number") }
    return number
  }

  private mutating func parseString() throws(Failure) -> String {
    try expect("\"")
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      guard bytes[position] != UInt8(ascii: "\\") else {
        throw failure("escapes in names are not supported")
      }
      position += 1
    }
    guard position < bytes.count else { throw failure("a string does not end") }
    defer { position += 1 }
    guard let string = String(validating: bytes[start..<position], as: UTF8.self) else {
      throw failure("a string is not UTF-8")
    }
    return string
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard accept(character) else { throw failure("expected \(character)") }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  private func failure(_ problem: String) -> Failure {
    Failure(problem: problem, offset: position)
  }
}
