extension VectorMatrix {
  /// The largest dimension that is read.
  public static let dimensionMax = 1 << 16

  /// Reads a `.npy`, `.fvecs` or `.fbin` file.
  ///
  /// Files whose values lie in memory as they lie on disk (`.fbin`, `.npy` of float32) are mapped,
  /// not copied: the file must not be shortened while the matrix lives.
  ///
  /// - Parameters:
  ///   - path: the file; the end of its name tells the format.
  ///   - dimension: the dimension the vectors must have, if one is given.
  /// - Throws: ``VectorFileError`` naming the file and the cause: a header that does not fit the
  ///   file's size, values that are not float16, float32 or float64, a value that is not finite.
  /// - Complexity: one pass over the file.
  public convenience init(
    path: String, dimension expectedDimension: Int? = nil
  ) throws(VectorFileError) {
    do throws(VectorFileError.Cause) {
      let layout: Layout
      let mapping: FileMapping
      do throws(FileError) {
        mapping = try FileMapping(InputFile(path: path, mustBeRegular: true))
      } catch {
        throw .file(error)
      }
      switch VectorFileFormat(path: path) {
      case .npy: layout = try .npy(mapping.bytes)
      case .fvecs: layout = try .fvecs(mapping.bytes)
      case .fbin: layout = try .fbin(mapping.bytes)
      case .ivecs, .ibin, nil:
        throw .unknownFormat(expected: VectorFileFormat.names(VectorFileFormat.ofVectors))
      }
      if let expectedDimension, layout.dimension != expectedDimension {
        throw .wrongDimension(found: layout.dimension, expected: expectedDimension)
      }
      if layout.isContiguousFloat, layout.count > 0 {
        self.init(
          mapping: mapping, offset: layout.offset, count: layout.count,
          dimension: layout.dimension)
      } else {
        try self.init(count: layout.count, dimension: layout.dimension) {
          (values) throws(VectorFileError.Cause) in
          layout.copy(from: mapping.bytes, to: values)
        }
      }
      if let place = firstNonFinite() { throw .notFinite(row: place.row, column: place.column) }
      mapping.adviseRandomAccess()
    } catch {
      throw VectorFileError(path: path, cause: error)
    }
  }

  /// Where the first value is that is NaN or infinite.
  private func firstNonFinite() -> (row: Int, column: Int)? {
    withRows(0..<count) { values in
      guard !values.allSatisfyFinite() else { return nil }
      let index = values.firstIndex { !$0.isFinite } ?? 0
      return (index / dimension, index % dimension)
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// Whether no value is NaN or infinite.
  func allSatisfyFinite() -> Bool {
    // Of finite values an exponent is never all ones. Blocks without a branch inside let the
    // compiler use vector instructions.
    var start = 0
    while start < count {
      let end = Swift.min(start + 4096, count)
      var exponentMax: UInt32 = 0
      for index in start..<end {
        exponentMax = Swift.max(exponentMax, self[index].bitPattern & 0x7F80_0000)
      }
      if exponentMax == 0x7F80_0000 { return false }
      start = end
    }
    return true
  }
}

extension UnsafeRawBufferPointer {
  /// The little-endian integer at byte `offset`, which need not be aligned.
  func loadLittleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, at offset: Int
  ) -> Value {
    Value(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }
}
