internal import VectorMath

/// The rows of a fresh tail: chunks that are filled once and never moved.
///
/// One writer appends; a reader looks only at rows below a count that was published to it after they
/// were written, so the two need no lock.
final class TailRows: @unchecked Sendable {
  // SAFETY: `chunks` has room for every chunk of `capacity` rows, of which the first `chunkCount` are
  // allocated. The one writer writes rows at and above `count` only; readers read rows below a count
  // that reached them through a mutex, which orders those writes before their reads.
  static let rowsAChunk = 256

  let capacity: Int
  let dimension: Int
  let metric: Metric
  let quantizer: ByteQuantizer
  let codeStride: Int
  private let chunks: UnsafeMutablePointer<TailChunk>
  private var chunkCount = 0
  /// Written rows; of the writer only.
  private(set) var count = 0

  init(capacity: Int, metric: Metric, center: [Float]) {
    self.capacity = capacity
    self.metric = metric
    dimension = center.count
    quantizer = ByteQuantizer(metric: metric, center: center)
    codeStride = ByteQuantizer.rowStride(dimension: center.count)
    chunks = .allocate(capacity: (capacity + Self.rowsAChunk - 1) / Self.rowsAChunk)
  }

  deinit {
    for index in 0..<chunkCount { chunks[index].deallocate() }
    chunks.deallocate()
  }

  var isFull: Bool { count == capacity }

  /// Appends a vector that was checked, scaled to unit length for cosine; there must be room.
  func append(_ vector: UnsafePointer<Float>, recordID: UInt64) {
    precondition(count < capacity, "a full tail takes no row")
    if count == chunkCount * Self.rowsAChunk {
      (chunks + chunkCount).initialize(
        to: TailChunk(rows: Self.rowsAChunk, dimension: dimension, codeStride: codeStride))
      chunkCount += 1
    }
    let chunk = chunks[count / Self.rowsAChunk]
    let row = count % Self.rowsAChunk
    let out = chunk.vectors + row * dimension
    out.update(from: vector, count: dimension)
    if metric == .cosine { VectorValues.scaleToUnitLength(out, count: dimension) }
    let codes = chunk.codes + row * codeStride
    quantizer.encode(out, into: codes)
    chunk.errors[row] = CodeError(of: out, codes: codes, quantizer: quantizer)
    chunk.recordIDs[row] = recordID
    count += 1
  }

  /// The chunk that holds row `row`, which was published.
  @inline(__always)
  func chunk(ofRow row: Int) -> TailChunk { chunks[row / Self.rowsAChunk] }

  func recordID(of row: Int) -> UInt64 {
    chunk(ofRow: row).recordIDs[row % Self.rowsAChunk]
  }

  /// The stored vector of a published row; valid as long as the tail lives.
  func vector(of row: Int) -> UnsafePointer<Float> {
    UnsafePointer(chunk(ofRow: row).vectors + row % Self.rowsAChunk * dimension)
  }
}

/// The memory of some rows of a tail.
struct TailChunk {
  // SAFETY: each pointer has room for as many rows as the chunk was made for.
  let vectors: UnsafeMutablePointer<Float>
  let codes: UnsafeMutableRawPointer
  let errors: UnsafeMutablePointer<CodeError>
  let recordIDs: UnsafeMutablePointer<UInt64>

  init(rows: Int, dimension: Int, codeStride: Int) {
    vectors = UnsafeMutableRawPointer.allocate(byteCount: rows * dimension * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: rows * dimension)
    codes = .allocate(byteCount: rows * codeStride, alignment: 64)
    codes.initializeMemory(as: UInt8.self, repeating: 0, count: rows * codeStride)
    errors = .allocate(capacity: rows)
    recordIDs = .allocate(capacity: rows)
  }

  func deallocate() {
    vectors.deallocate()
    codes.deallocate()
    errors.deallocate()
    recordIDs.deallocate()
  }
}
