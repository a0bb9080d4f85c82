internal import VectorMath

/// Rows in chunks, appended one after the other.
struct FlatStore: Sendable {
  let dimension: Int
  let metric: Metric
  let keepsCodes: Bool
  /// All full, but for the last.
  private(set) var chunks: [FlatChunk] = []
  private(set) var count = 0

  /// Who else may read the rows that are there.
  enum Sharing {
    /// Copies of the store, which may be changed as well: what they share is copied first.
    case copies
    /// Views of this store only: rows are appended behind what they see.
    case views
  }

  init(dimension: Int, metric: Metric, keepsCodes: Bool) {
    self.dimension = dimension
    self.metric = metric
    self.keepsCodes = keepsCodes && dimension <= FlatCodes.dimensionMax
  }

  var byteCount: Int { chunks.reduce(0) { $0 + $1.byteCount } }

  /// The rows that are there now.
  var view: FlatView {
    FlatView(
      dimension: dimension, metric: metric, slices: chunks.map(FlatSlice.init), count: count)
  }

  func recordID(at row: Int) -> UInt64 {
    chunks[row / FlatChunk.rowCountMax].recordIDs[row % FlatChunk.rowCountMax]
  }

  func vector(at row: Int) -> UnsafePointer<Float> {
    chunks[row / FlatChunk.rowCountMax].vector(row % FlatChunk.rowCountMax)
  }

  /// Copies and encodes rows that were checked (scaled to unit length for cosine).
  ///
  /// A chunk starts small and is replaced by one of twice the size until it has ``FlatChunk/rowCountMax``
  /// rows.
  mutating func append(
    _ vectors: UnsafePointer<Float>, recordIDs: UnsafeBufferPointer<UInt64>, sharing: Sharing,
    workers: Workers = Workers(threadCount: 1)
  ) {
    struct Piece: @unchecked Sendable {
      // SAFETY: each piece has a chunk of its own; `vectors` is only read.
      let chunk: FlatChunk
      let old: FlatChunk?
      let vectors: UnsafePointer<Float>
      let ids: Range<Int>
    }
    var pieces: [Piece] = []
    var start = 0
    while start < recordIDs.count {
      let left = recordIDs.count - start
      var old: FlatChunk?
      if let last = chunks.last, last.count < FlatChunk.rowCountMax, pieces.isEmpty {
        if last.capacity < FlatChunk.rowCountMax, last.count + left > last.capacity {
          old = last
          chunks[chunks.count - 1] = makeChunk(max(2 * last.capacity, last.count + left))
        }
      } else {
        chunks.append(makeChunk(left))
      }
      let chunk = sharing == .copies ? uniqueChunk(chunks.count - 1) : chunks[chunks.count - 1]
      let rows = min(left, chunk.capacity - (old ?? chunk).count)
      pieces.append(
        Piece(
          chunk: chunk, old: old, vectors: vectors + start * dimension, ids: start..<start + rows))
      start += rows
    }
    // SAFETY: ids outlive the run, and each piece reads its own.
    nonisolated(unsafe) let ids = recordIDs
    let all = pieces
    workers.run(pieces: all.count) { index, _ in
      let piece = all[index]
      piece.chunk.append(
        piece.vectors, recordIDs: ids.baseAddress! + piece.ids.lowerBound, count: piece.ids.count,
        movingFrom: piece.old)
    }
    count += recordIDs.count
  }

  /// Puts the last row in the place of `row`.
  mutating func moveLast(to row: Int) {
    let last = count - 1
    // Copied: a chunk that is still read from would be held twice.
    let values = Array(UnsafeBufferPointer(start: vector(at: last), count: dimension))
    let recordID = recordID(at: last)
    uniqueChunk(row / FlatChunk.rowCountMax).replace(
      row % FlatChunk.rowCountMax, by: values, recordID: recordID)
  }

  mutating func removeLast() {
    let last = count - 1
    uniqueChunk(last / FlatChunk.rowCountMax).removeLast()
    if last % FlatChunk.rowCountMax == 0 { chunks.removeLast() }
    count = last
  }

  private func makeChunk(_ rowCount: Int) -> FlatChunk {
    let group = FlatKernels.rowsAGroup
    let capacity = min(
      FlatChunk.rowCountMax, max(2 * group, (rowCount + group - 1) / group * group))
    return FlatChunk(
      capacity: capacity, dimension: dimension, metric: metric, keepsCodes: keepsCodes)
  }

  /// A chunk that no other store holds.
  private mutating func uniqueChunk(_ index: Int) -> FlatChunk {
    if !isKnownUniquelyReferenced(&chunks[index]) {
      chunks[index] = FlatChunk(copying: chunks[index])
    }
    return chunks[index]
  }
}
