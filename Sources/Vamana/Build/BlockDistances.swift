internal import VectorMath

/// All squared distances between a few hundred vectors, as one product of matrices: of bytes where the
/// processor multiplies them faster, else of floats on OpenBLAS.
///
/// One object a worker: it owns the scratch memory.
final class BlockDistances {
  // SAFETY: at most `capacity` ids are loaded, for which every buffer has room, rounded up to whole
  // tiles.
  private let source: DistanceSource
  let capacity: Int
  private let kernels = DistanceKernels.best
  private let bytes: UnsafeMutablePointer<Int8>
  private let packed: UnsafeMutablePointer<UInt8>
  private let floats: FloatBuffer
  private let scales: FloatBuffer
  private let norms: FloatBuffer
  private let sums: UnsafeMutablePointer<Int32>
  private(set) var count = 0

  /// Columns are computed in whole tiles: the distance from one row of results to the next.
  var rowStride: Int { Self.padded(count) }

  static func padded(_ count: Int) -> Int {
    (count + DistanceKernels.pairwiseColumnCount - 1) / DistanceKernels.pairwiseColumnCount
      * DistanceKernels.pairwiseColumnCount
  }

  init(source: DistanceSource, capacity: Int) {
    self.source = source
    self.capacity = capacity
    let room = Self.padded(capacity) + DistanceKernels.pairwiseRowCount
    let columns = source.bytes.columnCount
    let usesBytes = kernels.hasPairwise
    bytes = .allocate(capacity: usesBytes ? room * columns : 1)
    packed = .allocate(capacity: usesBytes ? room * columns : 1)
    bytes.initialize(repeating: 0, count: usesBytes ? room * columns : 1)
    packed.initialize(repeating: 0, count: usesBytes ? room * columns : 1)
    floats = FloatBuffer(count: usesBytes ? 1 : capacity * source.matrix.dimension)
    scales = FloatBuffer(count: room)
    norms = FloatBuffer(count: room)
    sums = .allocate(capacity: room)
    scales.base.update(repeating: 0, count: room)
    norms.base.update(repeating: 0, count: room)
    sums.initialize(repeating: 0, count: room)
  }

  deinit {
    bytes.deallocate()
    packed.deallocate()
    sums.deallocate()
  }

  /// Gathers the vectors `ids`.
  func load(_ ids: UnsafeBufferPointer<UInt32>) {
    count = ids.count
    guard kernels.hasPairwise else {
      source.matrix.gather(ids, into: floats.base)
      for (index, id) in ids.enumerated() { norms.base[index] = source.norms.base[Int(id)] }
      return
    }
    let rows = source.bytes
    let columns = rows.columnCount
    let ahead = 4
    for index in 0..<ids.count {
      if index + ahead < ids.count {
        DistanceKernels.prefetchLines(rows.codes(of: Int(ids[index + ahead])), byteCount: columns)
      }
      let id = Int(ids[index])
      let codes = rows.codes(of: id)
      let out = bytes + index * columns
      for column in 0..<columns { out[column] = Int8(bitPattern: codes[column] ^ 0x80) }
      scales.base[index] = rows.scales.base[id]
      norms.base[index] = rows.norms.base[id]
      sums[index] = rows.sums[id]
    }
    kernels.packPairwise(bytes, count: ids.count, columnCount: columns, into: packed)
  }

  /// The squared length of the loaded vector `row`.
  func squaredNorm(of row: Int) -> Float { norms.base[row] }

  /// The loaded vectors as bytes; only where the processor multiplies those faster.
  var rows: PairwiseRows {
    PairwiseRows(
      codes: bytes, packed: packed, scales: scales.base, norms: norms.base, sums: sums)
  }

  /// Writes the squared distances of the loaded vectors `range` to all vectors that `other` loaded.
  ///
  /// - Parameter out: a row of `other.rowStride` floats for each of them.
  /// - Complexity: range · other.count · dimension multiply-adds.
  func distances(
    _ range: Range<Int>, to other: BlockDistances, into out: UnsafeMutablePointer<Float>
  ) {
    guard kernels.hasPairwise else {
      let dimension = source.matrix.dimension
      BLAS.multiplyTransposed(
        floats.base + range.lowerBound * dimension, other.floats.base, into: out, m: range.count,
        n: other.count, k: dimension, ldc: other.rowStride)
      for row in range {
        let norm = norms.base[row]
        let line = out + (row - range.lowerBound) * other.rowStride
        for column in 0..<other.count {
          line[column] = max(0, norm + other.norms.base[column] - 2 * line[column])
        }
      }
      return
    }
    kernels.pairwise(
      rows, range: range, with: other.rows, count: other.count,
      byteCount: source.bytes.columnCount, into: out, stride: other.rowStride)
  }

  /// Compares the loaded vectors `rowRange` with those before them in `columnRange`, each pair once; only
  /// for bytes.
  func join(rowRange: Range<Int>, columnRange: Range<Int>, into lists: NearLists) {
    kernels.join(
      rows, byteCount: source.bytes.columnCount, rowRange: rowRange, columnRange: columnRange,
      into: lists)
  }
}
