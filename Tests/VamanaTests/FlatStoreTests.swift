import Dispatch
import Synchronization
import Testing
import VectorMath

@testable import Vamana

@Suite("Rows that are searched while others are appended")
struct FlatStoreTests {
  /// The hits of a search over a view.
  private func search(
    _ view: FlatView, _ query: [Float], k: Int, selection: FlatSelection = FlatSelection(),
    nearest known: [SearchHit] = []
  ) -> [SearchHit] {
    let search = FlatSearch(dimension: view.dimension, metric: view.metric, count: 1)
    var nearest = HitHeap()
    nearest.begin(k: k)
    for hit in known { nearest.insert(hit) }
    query.withUnsafeBufferPointer {
      search.scan(view, query: $0.baseAddress!, k: k, selection: selection, into: &nearest)
    }
    var hits: [SearchHit] = []
    nearest.sort(into: &hits)
    return hits
  }

  private func append(_ rows: TestVectors, _ range: Range<Int>, to store: inout FlatStore) {
    let ids = range.map { UInt64($0) }
    rows.values.withUnsafeBufferPointer { values in
      ids.withUnsafeBufferPointer { ids in
        store.append(
          values.baseAddress! + range.lowerBound * rows.dimension, recordIDs: ids, sharing: .views)
      }
    }
  }

  @Test(
    "A view with codes finds what one without finds, to the last bit, at every size",
    arguments: [Metric.innerProduct, .squaredEuclidean])
  func codesAgainstVectors(metric: Metric) {
    let (base, queries) = TestVectors(count: 5010, dimension: 20, seed: 301).split(at: 5000)
    var coded = FlatStore(dimension: 20, metric: metric, keepsCodes: true)
    var plain = FlatStore(dimension: 20, metric: metric, keepsCodes: false)
    var filled = 0
    for count in [1, 31, 32, 33, 63, 64, 65, 300, 4095, 4096, 4097, 5000] {
      append(base, filled..<count, to: &coded)
      append(base, filled..<count, to: &plain)
      filled = count
      for query in 0..<10 {
        let hits = search(coded.view, queries.row(query), k: 2)
        #expect(hits == search(plain.view, queries.row(query), k: 2))
        #expect(hits.count == min(2, count))
      }
    }
  }

  @Test("A view does not change when rows are appended, also where its chunk is replaced")
  func viewsAreFixed() {
    let (base, queries) = TestVectors(count: 6010, dimension: 8, seed: 302).split(at: 6000)
    var store = FlatStore(dimension: 8, metric: .squaredEuclidean, keepsCodes: true)
    var views: [(view: FlatView, hits: [SearchHit])] = []
    for start in stride(from: 0, to: 6000, by: 150) {
      append(base, start..<start + 150, to: &store)
      let view = store.view
      views.append((view, search(view, queries.row(start % 10), k: 5)))
    }
    for (place, (view, hits)) in views.enumerated() {
      #expect(view.count == (place + 1) * 150)
      #expect(search(view, queries.row(place * 150 % 10), k: 5) == hits)
    }
  }

  @Test("Hits from elsewhere, deleted rows and a filter are kept to")
  func selections() {
    let (base, queries) = TestVectors(count: 2010, dimension: 12, seed: 303).split(at: 2000)
    var store = FlatStore(dimension: 12, metric: .squaredEuclidean, keepsCodes: true)
    append(base, 0..<2000, to: &store)
    for query in 0..<10 {
      let all = search(store.view, queries.row(query), k: 2000)
      #expect(all.count == 2000)
      var deleted = Tombstones()
      for hit in all.prefix(20) where hit.recordID % 2 == 0 { deleted.insert(Int(hit.recordID)) }
      let selection = FlatSelection(
        filter: RecordFilter(all.map(\.recordID).filter { $0 % 3 != 0 }), deleted: deleted)
      let expected = all.filter {
        !deleted.contains(Int($0.recordID)) && $0.recordID % 3 != 0
      }
      #expect(
        search(store.view, queries.row(query), k: 10, selection: selection)
          == Array(expected.prefix(10)))
      // Five that are nearer than all rows leave five places.
      let known = (0..<5).map { SearchHit(recordID: 10_000 + UInt64($0), distance: -1) }
      #expect(
        search(store.view, queries.row(query), k: 10, selection: selection, nearest: known)
          == known + expected.prefix(5))
    }
  }

  @Test("Searches during appends are exact over the rows that were published before them")
  func searchesDuringAppends() {
    let (base, queries) = TestVectors(count: 9020, dimension: 16, seed: 304).split(at: 9000)
    let truth = (0..<20).map { query in
      (0..<9000).map { row -> SearchHit in
        let distance = zip(queries.row(query), base.row(row)).reduce(Float(0)) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        return SearchHit(recordID: UInt64(row), distance: distance)
      }
    }
    let published = Mutex(
      FlatStore(dimension: 16, metric: .squaredEuclidean, keepsCodes: true).view)
    let isDone = Atomic<Bool>(false)
    let problems = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 3) { worker in
      if worker == 0 {
        var store = FlatStore(dimension: 16, metric: .squaredEuclidean, keepsCodes: true)
        for start in stride(from: 0, to: 9000, by: 45) {
          append(base, start..<start + 45, to: &store)
          let view = store.view
          published.withLock { $0 = view }
        }
        isDone.store(true, ordering: .releasing)
        return
      }
      var query = worker
      var isLast = false
      repeat {
        isLast = isDone.load(ordering: .acquiring)
        let view = published.withLock { $0 }
        let hits = search(view, queries.row(query % 20), k: 3)
        let expected = truth[query % 20].prefix(view.count).sorted(by: SearchHit.isNearer).prefix(3)
        for (hit, wanted) in zip(hits, expected)
        where abs(hit.distance - wanted.distance) > 1e-5 * wanted.distance {
          problems.withLock { $0.append("\(view.count) rows: \(hits) for \(expected)") }
        }
        if hits.count != expected.count { problems.withLock { $0.append("\(hits)") } }
        query += 1
      } while !isLast
    }
    #expect(problems.withLock { $0 } == [])
  }
}
