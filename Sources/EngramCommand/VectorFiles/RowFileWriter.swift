/// Writes rows of 4-byte values in any of the formats; the count is put in when the last is there.
struct RowFileWriter: ~Copyable {
  let path: String
  let dimension: Int
  private let format: VectorFileFormat
  private let element: NumPyHeader.Element
  private var file: OutputFile
  private(set) var count = 0

  init(
    path: String, format: VectorFileFormat, element: NumPyHeader.Element, dimension: Int
  ) throws(VectorFileError) {
    let header = Self.header(format: format, element: element, count: 0, dimension: dimension)
    file = try Self.begin(path: path, header, dimension: dimension)
    self.path = path
    self.dimension = dimension
    self.format = format
    self.element = element
  }

  private static func begin(
    path: String, _ header: [UInt8], dimension: Int
  ) throws(VectorFileError) -> OutputFile {
    do throws(VectorFileError.Cause) {
      try VectorMatrix.Layout.check(dimension: dimension)
    } catch {
      throw VectorFileError(path: path, cause: error)
    }
    do throws(FileError) {
      var file = try OutputFile(path: path)
      try file.write(header)
      return file
    } catch {
      throw VectorFileError(path: path, cause: .file(error))
    }
  }

  /// Appends rows that lie one after the other in `bytes`.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(VectorFileError) {
    let rowBytes = 4 * dimension
    guard bytes.count % rowBytes == 0 else {
      throw VectorFileError(
        path: path, cause: .partialRow(valueCount: bytes.count / 4, dimension: dimension))
    }
    let rows = bytes.count / rowBytes
    guard format == .npy || count + rows <= Int(UInt32.max) else {
      throw VectorFileError(path: path, cause: .tooManyRows)
    }
    do throws(FileError) {
      switch format {
      case .npy, .fbin, .ibin: try file.write(bytes)
      case .fvecs, .ivecs:
        let prefix = Self.littleEndian(UInt32(dimension))
        for row in 0..<rows {
          try file.write(prefix)
          // SAFETY: the slice is checked to lie in `bytes`.
          try file.write(
            UnsafeRawBufferPointer(rebasing: bytes[row * rowBytes..<(row + 1) * rowBytes]))
        }
      }
    } catch {
      throw VectorFileError(path: path, cause: .file(error))
    }
    count += rows
  }

  /// Completes the header, waits for the disk and gives the file its name.
  consuming func finish() throws(VectorFileError) {
    let path = self.path
    do throws(FileError) {
      let header = Self.header(
        format: format, element: element, count: count, dimension: dimension)
      if !header.isEmpty { try file.overwrite(header, at: 0) }
      try file.finish()
    } catch {
      throw VectorFileError(path: path, cause: .file(error))
    }
  }

  private static func header(
    format: VectorFileFormat, element: NumPyHeader.Element, count: Int, dimension: Int
  ) -> [UInt8] {
    switch format {
    case .npy: NumPyHeader.bytes(element: element, count: count, dimension: dimension)
    case .fbin, .ibin:
      littleEndian(UInt32(truncatingIfNeeded: count))
        + littleEndian(UInt32(truncatingIfNeeded: dimension))
    case .fvecs, .ivecs: []
    }
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
