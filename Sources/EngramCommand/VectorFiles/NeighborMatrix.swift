/// The true neighbours of each query, nearest first: what recall is measured against.
public struct NeighborMatrix: Hashable, Sendable {
  /// Queries.
  public let count: Int
  /// Neighbours of each query.
  public let neighborCount: Int
  /// The numbers of rows in the base vectors, query after query.
  public let neighbors: [UInt32]

  /// - Parameter neighbors: count × neighborCount row numbers.
  public init(count: Int, neighborCount: Int, neighbors: [UInt32]) {
    precondition(neighbors.count == count * neighborCount, "a list for every query")
    self.count = count
    self.neighborCount = neighborCount
    self.neighbors = neighbors
  }

  /// The neighbours of query `query`.
  public subscript(query: Int) -> ArraySlice<UInt32> {
    neighbors[query * neighborCount..<(query + 1) * neighborCount]
  }

  /// Reads an `.ivecs`, `.ibin` (with or without distances) or `.npy` (int32, int64, uint32,
  /// uint64) file.
  ///
  /// - Parameters:
  ///   - path: the file; the end of its name tells the format.
  ///   - rowCount: how many base vectors there are, to check each neighbour against.
  /// - Throws: ``VectorFileError`` naming the file and the cause.
  public init(path: String, rowCount: Int? = nil) throws(VectorFileError) {
    do throws(VectorFileError.Cause) {
      let mapping: FileMapping
      do throws(FileError) {
        mapping = try FileMapping(InputFile(path: path, mustBeRegular: true))
      } catch {
        throw .file(error)
      }
      let layout: VectorMatrix.Layout
      switch VectorFileFormat(path: path) {
      case .npy: layout = try Self.npy(mapping.bytes)
      case .ivecs: layout = try Self.ivecs(mapping.bytes)
      case .ibin: layout = try Self.ibin(mapping.bytes)
      case .fvecs, .fbin, nil:
        throw .unknownFormat(expected: VectorFileFormat.names(VectorFileFormat.ofNeighbors))
      }
      let limit = min(rowCount ?? .max, Int(UInt32.max))
      var neighbors: [UInt32] = []
      neighbors.reserveCapacity(layout.count * layout.dimension)
      for row in 0..<layout.count {
        for column in 0..<layout.dimension {
          let value = layout.integer(in: mapping.bytes, row: row, column: column)
          guard value >= 0, value < limit else {
            throw .badNeighbor(
              row: row, value: value,
              expected: rowCount.map { "a row of the \($0) base vectors" } ?? "a row number")
          }
          neighbors.append(UInt32(value))
        }
      }
      self.init(
        count: layout.count, neighborCount: layout.dimension, neighbors: neighbors)
    } catch {
      throw VectorFileError(path: path, cause: error)
    }
  }

  private static func npy(
    _ bytes: UnsafeRawBufferPointer
  ) throws(VectorFileError.Cause) -> VectorMatrix.Layout {
    let header = try NumPyHeader(bytes)
    switch header.element {
    case .int32, .int64, .uint32, .uint64: break
    case .float16, .float32, .float64:
      throw .unsupported("holds fractions ('\(header.element.rawValue)'); expected whole numbers")
    }
    try VectorMatrix.Layout.check(dimension: header.dimension)
    let size = try VectorMatrix.Layout.byteCount(
      header.count, header.dimension, header.element.byteCount, after: header.dataOffset)
    try VectorMatrix.Layout.check(size, bytes)
    return VectorMatrix.Layout(
      element: header.element, offset: header.dataOffset,
      stride: header.dimension * header.element.byteCount, count: header.count,
      dimension: header.dimension)
  }

  private static func ivecs(
    _ bytes: UnsafeRawBufferPointer
  ) throws(VectorFileError.Cause) -> VectorMatrix.Layout {
    let (count, dimension) = try VectorMatrix.Layout.texmexShape(bytes)
    return VectorMatrix.Layout(
      element: .int32, offset: 4, stride: 4 + 4 * dimension, count: count, dimension: dimension)
  }

  private static func ibin(
    _ bytes: UnsafeRawBufferPointer
  ) throws(VectorFileError.Cause) -> VectorMatrix.Layout {
    guard bytes.count >= 8 else { throw .badHeader("ends before its 8 bytes") }
    let count = Int(bytes.loadLittleEndian(UInt32.self, at: 0))
    let dimension = Int(bytes.loadLittleEndian(UInt32.self, at: 4))
    try VectorMatrix.Layout.check(dimension: dimension)
    let size = try VectorMatrix.Layout.byteCount(count, dimension, 4, after: 8)
    // The Big-ANN benchmarks append the distances to the neighbours.
    if bytes.count != size + (size - 8) { try VectorMatrix.Layout.check(size, bytes) }
    return VectorMatrix.Layout(
      element: .uint32, offset: 8, stride: 4 * dimension, count: count, dimension: dimension)
  }
}

extension VectorMatrix.Layout {
  /// A value of a file of whole numbers; unsigned ones beyond the signed range come out as the
  /// largest.
  func integer(in bytes: UnsafeRawBufferPointer, row: Int, column: Int) -> Int64 {
    let place = offset + row * stride + column * element.byteCount
    switch element {
    case .int32: return Int64(bytes.loadLittleEndian(Int32.self, at: place))
    case .uint32: return Int64(bytes.loadLittleEndian(UInt32.self, at: place))
    case .int64: return bytes.loadLittleEndian(Int64.self, at: place)
    case .uint64: return Int64(clamping: bytes.loadLittleEndian(UInt64.self, at: place))
    case .float16, .float32, .float64: return -1
    }
  }
}
