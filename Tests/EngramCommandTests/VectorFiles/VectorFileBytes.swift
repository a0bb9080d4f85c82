/// Builds vector files byte by byte, good and bad.
enum VectorFileBytes {
  static func u32(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }

  static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { u32($0.bitPattern) } }

  static func fbin(count: UInt32, dimension: UInt32, _ values: [Float]) -> [UInt8] {
    u32(count) + u32(dimension) + floats(values)
  }

  static func fvecs(_ rows: [[Float]]) -> [UInt8] {
    rows.flatMap { u32(UInt32($0.count)) + floats($0) }
  }

  static func ivecs(_ rows: [[Int32]]) -> [UInt8] {
    rows.flatMap { u32(UInt32($0.count)) + $0.flatMap { u32(UInt32(bitPattern: $0)) } }
  }

  /// A version-1 file with the given header text and values.
  static func npy(_ header: String, _ values: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8) + [0x0A]
    return [0x93] + Array("NUMPY".utf8) + [version, 0]
      + [UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text + values
  }

  static func npy(
    descr: String = "<f4", fortran: Bool = false, shape: String, _ values: [UInt8]
  ) -> [UInt8] {
    npy(
      "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }",
      values)
  }
}
