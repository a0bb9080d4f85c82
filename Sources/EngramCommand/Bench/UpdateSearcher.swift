internal import Platform
internal import Synchronization
internal import Vamana
internal import VectorMath

/// Threads that search an index while it is written.
final class UpdateSearcher: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let latencies = Mutex<[Double]>([])

  /// Runs `write` while `threadCount` threads search; returns the latencies in seconds.
  static func run(
    threadCount: Int, index: VectorIndex, queries: VectorMatrix, parameters: SearchParameters,
    during write: @escaping @Sendable () throws -> Void
  ) throws -> [Double] {
    guard threadCount > 0 else {
      try write()
      return []
    }
    let searcher = UpdateSearcher()
    let failure = Mutex<(any Error)?>(nil)
    Workers(threadCount: threadCount + 1).run(pieces: threadCount + 1) { piece, _ in
      do {
        if piece == 0 {
          defer { searcher.isStopped.store(true, ordering: .relaxed) }
          try write()
        } else {
          try searcher.search(index, queries: queries, parameters: parameters, from: piece)
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return searcher.latencies.withLock { $0 }
  }

  private func search(
    _ index: VectorIndex, queries: VectorMatrix, parameters: SearchParameters, from first: Int
  ) throws {
    let scratch = VectorIndexScratch()
    var own: [Double] = []
    var query = first
    while !isStopped.load(ordering: .relaxed) {
      let start = ContinuousClock.now
      try index.search(
        queries.row(query % queries.count), parameters: parameters, scratch: scratch)
      own.append((ContinuousClock.now - start).inSeconds)
      query += 1
    }
    latencies.withLock { $0 += own }
  }
}
