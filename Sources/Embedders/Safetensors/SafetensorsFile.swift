/// A safetensors file whose tensors are used where they lie in the map.
///
///     8 bytes          length of the header, little-endian
///     length bytes     header: JSON, see SafetensorsHeaderParser
///     the rest         the tensors' elements, little-endian, without gaps
///
/// Everything the header says is checked against the file when it is opened.
final class SafetensorsFile: Sendable {
  /// The format's own bound on the header.
  static let headerByteCountMax = 100_000_000

  private let file: MappedFile
  private let dataStart: Int
  private let tensors: [String: TensorDescription]

  /// - Throws: ``ModelFileError`` if the file cannot be read or is not what its header says.
  /// - Complexity: O(size of the header).
  init(path: String) throws(ModelFileError) {
    file = try MappedFile(path: path)
    let bytes = file.bytes
    func error(_ problem: String) -> ModelFileError {
      ModelFileError(path: path, problem: problem)
    }
    guard bytes.count >= 8 else {
      throw error("has \(bytes.count) bytes; a safetensors file has at least 8")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.headerByteCountMax, Int(length) <= bytes.count - 8 else {
      throw error("says its header has \(length) bytes, but the file has \(bytes.count)")
    }
    dataStart = 8 + Int(length)
    var parser = SafetensorsHeaderParser(UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart]))
    do {
      tensors = try parser.parse()
    } catch {
      throw ModelFileError(
        path: path, problem: "bad header at byte \(8 + error.offset): \(error.problem)")
    }
    if let problem = Self.problem(in: tensors, dataByteCount: bytes.count - dataStart) {
      throw error(problem)
    }
  }

  /// The elements of a tensor of 32-bit floats, valid while this object lives.
  ///
  /// - Throws: ``ModelFileError`` if there is no such tensor or it has another type or shape.
  func floats(_ name: String, shape: [Int]) throws(ModelFileError) -> UnsafePointer<Float> {
    guard let tensor = tensors[name] else { throw error("lacks the tensor \(name)") }
    guard tensor.elementType == "F32", tensor.shape == shape else {
      throw error("\(name) is \(tensor.elementType) \(tensor.shape); expected F32 \(shape)")
    }
    // SAFETY: the range lies within the map and holds the shape's elements (checked at opening);
    // the alignment is checked here.
    let address = file.bytes.baseAddress! + dataStart + tensor.byteRange.lowerBound
    guard UInt(bitPattern: address) % UInt(MemoryLayout<Float>.alignment) == 0 else {
      throw error("\(name) does not start at a multiple of 4 bytes")
    }
    return address.assumingMemoryBound(to: Float.self)
  }

  func error(_ problem: String) -> ModelFileError {
    ModelFileError(path: file.path, problem: problem)
  }

  /// What the header says that the file cannot hold: tensors must have their shape's size and fill
  /// the data without gap or overlap.
  private static func problem(
    in tensors: [String: TensorDescription], dataByteCount: Int
  ) -> String? {
    var end = 0
    for (name, tensor) in tensors.sorted(by: { $0.value.byteRange.isBefore($1.value.byteRange) }) {
      guard var size = TensorDescription.byteCount(ofElementType: tensor.elementType) else {
        return "\(name) has the unknown type \(tensor.elementType)"
      }
      for length in tensor.shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: length)
        guard !overflow else { return "\(name) has an impossible shape \(tensor.shape)" }
        size = product
      }
      guard size == tensor.byteRange.count else {
        return "\(name) has \(tensor.byteRange.count) bytes; its type and shape need \(size)"
      }
      guard tensor.byteRange.lowerBound == end else {
        return "\(name) starts at byte \(tensor.byteRange.lowerBound); expected \(end)"
      }
      end = tensor.byteRange.upperBound
    }
    guard end == dataByteCount else {
      return "its header says \(end) bytes of tensors, but the file has \(dataByteCount)"
    }
    return nil
  }
}

extension Range<Int> {
  /// Order by start, then by end, so that empty ranges come first.
  fileprivate func isBefore(_ other: Self) -> Bool {
    (lowerBound, upperBound) < (other.lowerBound, other.upperBound)
  }
}
