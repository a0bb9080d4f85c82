extension VectorMatrix {
  /// Where the values of a file are, checked against its size.
  struct Layout {
    var element: NumPyHeader.Element
    /// Where the values of row 0 begin, in bytes.
    var offset: Int
    /// From one row to the next, in bytes.
    var stride: Int
    var count: Int
    var dimension: Int

    /// Whether the file's bytes can serve as the matrix's memory.
    var isContiguousFloat: Bool {
      element == .float32 && stride == 4 * dimension && offset % 4 == 0
    }

    static func npy(_ bytes: UnsafeRawBufferPointer) throws(VectorFileError.Cause) -> Layout {
      let header = try NumPyHeader(bytes)
      switch header.element {
      case .float16, .float32, .float64: break
      case .int32, .int64, .uint32, .uint64:
        throw .unsupported(
          "holds whole numbers ('\(header.element.rawValue)'); "
            + "expected float32, float64 or float16")
      }
      try check(dimension: header.dimension)
      let size = try byteCount(
        header.count, header.dimension, header.element.byteCount, after: header.dataOffset)
      try check(size, bytes)
      return Layout(
        element: header.element, offset: header.dataOffset,
        stride: header.dimension * header.element.byteCount, count: header.count,
        dimension: header.dimension)
    }

    static func fbin(_ bytes: UnsafeRawBufferPointer) throws(VectorFileError.Cause) -> Layout {
      guard bytes.count >= 8 else { throw .badHeader("ends before its 8 bytes") }
      let count = Int(bytes.loadLittleEndian(UInt32.self, at: 0))
      let dimension = Int(bytes.loadLittleEndian(UInt32.self, at: 4))
      try check(dimension: dimension)
      try check(try byteCount(count, dimension, 4, after: 8), bytes)
      return Layout(
        element: .float32, offset: 8, stride: 4 * dimension, count: count, dimension: dimension)
    }

    static func fvecs(_ bytes: UnsafeRawBufferPointer) throws(VectorFileError.Cause) -> Layout {
      let (count, dimension) = try texmexShape(bytes)
      return Layout(
        element: .float32, offset: 4, stride: 4 + 4 * dimension, count: count,
        dimension: dimension)
    }

    /// The shape of a file of rows that each begin with their dimension; every row is checked.
    static func texmexShape(
      _ bytes: UnsafeRawBufferPointer
    ) throws(VectorFileError.Cause) -> (count: Int, dimension: Int) {
      guard bytes.count >= 4 else { throw .badHeader("is empty: there is no first row") }
      let dimension = Int(bytes.loadLittleEndian(Int32.self, at: 0))
      try check(dimension: dimension)
      let stride = 4 + 4 * dimension
      for (row, offset) in Swift.stride(from: 0, to: bytes.count - 3, by: stride).enumerated() {
        let found = Int(bytes.loadLittleEndian(Int32.self, at: offset))
        guard found == dimension else {
          throw .rowDimension(row: row, found: found, expected: dimension)
        }
      }
      let count = (bytes.count + stride - 1) / stride
      try check(count * stride, bytes)
      return (count, dimension)
    }

    static func check(dimension: Int) throws(VectorFileError.Cause) {
      guard (1...dimensionMax).contains(dimension) else {
        throw .badHeader("has dimension \(dimension); expected 1 to \(dimensionMax)")
      }
    }

    static func check(
      _ expected: Int, _ bytes: UnsafeRawBufferPointer
    ) throws(VectorFileError.Cause) {
      guard bytes.count == expected else {
        throw .sizeMismatch(expectedBytes: expected, actualBytes: bytes.count)
      }
    }

    /// offset + count · dimension · size, or an error where that is no size a file can have.
    static func byteCount(
      _ count: Int, _ dimension: Int, _ size: Int, after offset: Int
    ) throws(VectorFileError.Cause) -> Int {
      let (values, overflow1) = count.multipliedReportingOverflow(by: dimension)
      let (bytes, overflow2) = values.multipliedReportingOverflow(by: size)
      let (total, overflow3) = bytes.addingReportingOverflow(offset)
      guard !overflow1, !overflow2, !overflow3 else {
        throw .badHeader("promises \(count) × \(dimension) values, more than a file can hold")
      }
      return total
    }

    /// Converts every row to single precision.
    func copy(from bytes: UnsafeRawBufferPointer, to values: UnsafeMutableBufferPointer<Float>) {
      for row in 0..<count {
        let start = offset + row * stride
        // SAFETY: the layout was checked against the size of the file, and `values` has room for
        // count × dimension; the slices trap rather than run over.
        let source = UnsafeRawBufferPointer(
          rebasing: bytes[start..<start + dimension * element.byteCount])
        let target = UnsafeMutableBufferPointer(
          rebasing: values[row * dimension..<(row + 1) * dimension])
        switch element {
        case .float32: UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
        case .float64:
          for column in 0..<dimension {
            target[column] = Float(
              Double(bitPattern: source.loadLittleEndian(UInt64.self, at: 8 * column)))
          }
        case .float16:
          for column in 0..<dimension {
            target[column] = Float(
              Float16(bitPattern: source.loadLittleEndian(UInt16.self, at: 2 * column)))
          }
        case .int32, .int64, .uint32, .uint64: break
        }
      }
    }
  }
}
