/// Writes vectors to a `.npy` (float32), `.fvecs` or `.fbin` file, row by row, in constant memory.
///
/// The file appears under its name when ``finish()`` returns; a writer that goes away before leaves
/// no file behind.
///
/// ```swift
/// var writer = try VectorFileWriter(path: "base.npy", dimension: 384)
/// try writer.append(embeddings)
/// try writer.finish()
/// ```
public struct VectorFileWriter: ~Copyable {
  private var rows: RowFileWriter

  /// Rows written so far.
  public var count: Int { rows.count }
  /// Values in a row.
  public var dimension: Int { rows.dimension }

  /// Begins a new file; the end of its name tells the format.
  ///
  /// - Throws: ``VectorFileError`` when the format is unknown, the dimension is not 1 to
  ///   ``VectorMatrix/dimensionMax`` or the file cannot be created.
  public init(path: String, dimension: Int) throws(VectorFileError) {
    guard let format = VectorFileFormat(path: path), VectorFileFormat.ofVectors.contains(format)
    else {
      throw VectorFileError(
        path: path,
        cause: .unknownFormat(expected: VectorFileFormat.names(VectorFileFormat.ofVectors)))
    }
    rows = try RowFileWriter(
      path: path, format: format, element: .float32, dimension: dimension)
  }

  /// Appends rows that lie one after the other in `values`.
  ///
  /// - Throws: ``VectorFileError`` when the values do not fill whole rows, one is NaN or infinite,
  ///   or the disk refuses them.
  public mutating func append(_ values: UnsafeBufferPointer<Float>) throws(VectorFileError) {
    if !values.allSatisfyFinite() {
      let index = values.firstIndex { !$0.isFinite } ?? 0
      throw VectorFileError(
        path: rows.path,
        cause: .notFinite(row: rows.count + index / dimension, column: index % dimension))
    }
    try rows.append(UnsafeRawBufferPointer(values))
  }

  /// Appends rows that lie one after the other in `values`.
  public mutating func append(_ values: [Float]) throws(VectorFileError) {
    try values.withUnsafeBufferPointer { (buffer) throws(VectorFileError) in
      try append(buffer)
    }
  }

  /// Completes the header, waits for the disk and gives the file its name.
  public consuming func finish() throws(VectorFileError) {
    try rows.finish()
  }
}

extension NeighborMatrix {
  /// Writes the lists to an `.ivecs`, `.ibin` or `.npy` (int32) file.
  public func write(to path: String) throws(VectorFileError) {
    guard let format = VectorFileFormat(path: path),
      VectorFileFormat.ofNeighbors.contains(format)
    else {
      throw VectorFileError(
        path: path,
        cause: .unknownFormat(expected: VectorFileFormat.names(VectorFileFormat.ofNeighbors)))
    }
    var writer = try RowFileWriter(
      path: path, format: format, element: .int32, dimension: neighborCount)
    try neighbors.withUnsafeBufferPointer { (values) throws(VectorFileError) in
      try writer.append(UnsafeRawBufferPointer(values))
    }
    try writer.finish()
  }
}
