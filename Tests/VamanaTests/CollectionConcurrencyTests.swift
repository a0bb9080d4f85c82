import Dispatch
import Foundation
import Synchronization
import Testing
import Vamana
import VectorMath

@Suite("An updatable index under threads")
struct CollectionConcurrencyTests {
  private func recordIDs(_ range: Range<UInt64>, except dead: Set<UInt64>) -> [UInt64] {
    range.filter { !dead.contains($0) }
  }

  @Test("Searches during sealing and merging find every record written before them")
  func searchesDuringMaintenance() throws {
    let base = TestVectors(count: 3000, dimension: 16, clusterCount: 300, seed: 201)
    let index = try VectorIndex(
      dimension: 16, metric: .squaredEuclidean, configuration: .small(tail: 128, fanIn: 3))
    let writtenCount = Atomic<Int>(0)
    let isDone = Atomic<Bool>(false)
    let problems = Mutex<[String]>([])
    let searchCount = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 3) { worker in
      do {
        if worker == 0 {
          defer { isDone.store(true, ordering: .releasing) }
          for start in stride(from: 0, to: 3000, by: 30) {
            try index.insert(
              base.values(start..<start + 30),
              recordIDs: (start..<start + 30).map(UInt64.init))
            writtenCount.store(start + 30, ordering: .releasing)
          }
          try index.flush()
          return
        }
        var generator = SeededGenerator(seed: UInt64(worker))
        let scratch = VectorIndexScratch()
        while !isDone.load(ordering: .acquiring) {
          let written = writtenCount.load(ordering: .acquiring)
          guard written > 0 else { continue }
          let row = Int.random(in: 0..<written, using: &generator)
          try base.row(row).withUnsafeBufferPointer {
            try index.search($0, parameters: .exhaustive(), scratch: scratch)
          }
          searchCount.wrappingAdd(1, ordering: .relaxed)
          let ids = scratch.hits.map(\.recordID)
          if ids.first != UInt64(row) || ids.count != 10 || Set(ids).count != 10 {
            problems.withLock { $0.append("record \(row) of \(written): \(scratch.hits)") }
          }
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    let statistics = index.statistics
    let searches = searchCount.load(ordering: .relaxed)
    print(
      "\(searches) searches, \(statistics.sealCount) seals, "
        + "\(statistics.mergeCount) merges")
    #expect(statistics.mergeCount > 0)
    #expect(searches > 0)
    #expect(index.snapshot().recordIDs == (0..<3000).map(UInt64.init))
  }

  @Test("Records deleted and replaced while their tail is sealed stay so in the segment")
  func deletesDuringSealing() throws {
    let base = TestVectors(count: 200, dimension: 8, seed: 211)
    let gate = Gate()
    gate.hold()
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 100),
      storage: GatedStorage(gate: gate))
    try index.insert(base.values(0..<100), recordIDs: (0..<100).map(UInt64.init))
    gate.waitForArrival()
    // Built, not installed.
    #expect(try index.delete([5, 50, 99, 1000]) == 3)
    try index.insert(base.row(150), recordID: 7)
    #expect(index.count == 97)
    gate.open()
    try index.flush()
    #expect(index.statistics.segmentCount == 1)
    #expect(index.statistics.deadRowCount == 4)
    let snapshot = index.snapshot()
    #expect(snapshot.recordIDs == recordIDs(0..<100, except: [5, 50, 99]))
    #expect(try snapshot.search(base.row(150), parameters: .exhaustive(k: 1))[0].recordID == 7)
    let all = try snapshot.search(base.row(7), parameters: .exhaustive(k: 100))
    #expect(all.count == 97)
    #expect(Set(all.map(\.recordID)).isDisjoint(with: [5, 50, 99]))
  }

  @Test("Records deleted and replaced during a merge stay so in its result")
  func deletesDuringMerge() throws {
    let base = TestVectors(count: 300, dimension: 8, seed: 221)
    let gate = Gate()
    let storage = GatedStorage(gate: gate)
    let index = try VectorIndex(
      dimension: 8, metric: .squaredEuclidean, configuration: .small(tail: 100),
      storage: storage)
    try index.insert(base.values(0..<200), recordIDs: (0..<200).map(UInt64.init))
    try index.flush()
    try index.delete([3])
    gate.hold()
    let merging = DispatchQueue(label: "compact")
    let failure = Mutex<String?>(nil)
    merging.async {
      do { try index.compact() } catch { failure.withLock { $0 = "\(error)" } }
    }
    gate.waitForArrival()
    #expect(try index.delete([3, 4, 150]) == 2)
    try index.insert(base.values(250..<252), recordIDs: [10, 500])
    #expect(index.count == 198)
    #expect(try index.search(base.row(4), parameters: .exhaustive(k: 200)).count == 198)
    gate.open()
    merging.sync {}
    #expect(failure.withLock { $0 } == nil)
    #expect(index.statistics.segmentCount == 1)
    #expect(
      index.snapshot().recordIDs == recordIDs(0..<200, except: [3, 4, 150]) + [500])
    #expect(index.snapshot().vector(of: 10) == base.row(250))
    #expect(storage.handles.count == 1)
  }

  @Test("All records deleted during a merge leave nothing")
  func everythingDeletedDuringMerge() throws {
    let base = TestVectors(count: 200, dimension: 8, seed: 231)
    let gate = Gate()
    let storage = GatedStorage(gate: gate)
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 50, fanIn: 2),
      storage: storage)
    gate.hold()
    try index.insert(base.values(0..<50), recordIDs: (0..<50).map(UInt64.init))
    gate.waitForArrival()
    #expect(try index.delete((0..<50).map(UInt64.init)) == 50)
    #expect(try index.search(base.row(0)).isEmpty)
    gate.open()
    try index.flush()
    #expect(index.count == 0)
    #expect(index.statistics.segmentCount == 0)
    #expect(storage.handles.isEmpty)
  }

  @Test("An insert waits while as many tails wait for a segment as are allowed")
  func backPressure() throws {
    let base = TestVectors(count: 400, dimension: 8, seed: 241)
    let gate = Gate()
    gate.hold()
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 50, closedTails: 2),
      storage: GatedStorage(gate: gate))
    try index.insert(base.values(0..<100), recordIDs: (0..<100).map(UInt64.init))
    #expect(index.statistics.closedTailCount == 2)
    let writing = DispatchQueue(label: "write")
    let isDone = Atomic<Bool>(false)
    writing.async {
      try? index.insert(base.values(100..<400), recordIDs: (100..<400).map(UInt64.init))
      isDone.store(true, ordering: .releasing)
    }
    while index.statistics.stallCount == 0 { Thread.sleep(forTimeInterval: 0.001) }
    let wasDone = isDone.load(ordering: .acquiring)
    #expect(!wasDone)
    #expect(index.statistics.tailRowCount == 100)
    // Neither searches nor deletes wait.
    #expect(try index.search(base.row(3))[0].recordID == 3)
    #expect(try index.delete([3]) == 1)
    gate.open()
    writing.sync {}
    let isDoneNow = isDone.load(ordering: .acquiring)
    #expect(isDoneNow)
    try index.flush()
    #expect(index.count == 399)
  }

  @Test("A snapshot does not change, and keeps what it reads")
  func snapshotsArePinned() throws {
    let base = TestVectors(count: 500, dimension: 12, seed: 251)
    let storage = MemorySegmentStorage()
    let index = try VectorIndex(
      dimension: 12, metric: .cosine, configuration: .small(tail: 60), storage: storage)
    try index.insert(base.values(0..<200), recordIDs: (0..<200).map(UInt64.init))
    try index.flush()
    try index.delete([1, 199])
    let held = storage.handles
    var pinned: IndexSnapshot? = index.snapshot()
    let before = try (0..<20).map {
      try index.search(base.row($0), parameters: .exhaustive())
    }
    try index.insert(base.values(200..<500), recordIDs: (200..<500).map(UInt64.init))
    try index.insert(base.values(300..<310), recordIDs: (0..<10).map(UInt64.init))
    try index.delete((20..<150).map(UInt64.init))
    try index.compact()
    #expect(pinned?.count == 198)
    #expect(pinned?.recordIDs == recordIDs(0..<200, except: [1, 199]))
    for (row, hits) in before.enumerated() {
      #expect(try pinned?.search(base.row(row), parameters: .exhaustive()) == hits)
    }
    #expect(storage.handles.isSuperset(of: held))
    #expect(storage.handles.count > 1)
    pinned = nil
    #expect(storage.handles.count == 1)
  }

  @Test("Closing gives up what is built, and an index that is let go stops by itself")
  func closing() throws {
    let base = TestVectors(count: 2000, dimension: 16, seed: 261)
    let index = try VectorIndex(
      dimension: 16, metric: .cosine, configuration: .small(tail: 1000))
    try index.insert(base.values, recordIDs: (0..<2000).map(UInt64.init))
    index.close()
    #expect(throws: VectorIndexError.closed) { try index.insert(base.row(0), recordID: 1) }
    #expect(throws: VectorIndexError.closed) { try index.delete([1]) }
    #expect(throws: VectorIndexError.closed) { try index.flush() }
    #expect(try index.search(base.row(4))[0].recordID == 4)
    weak var released: VectorIndex?
    do {
      let other = try VectorIndex(
        dimension: 16, metric: .cosine, configuration: .small(tail: 1000))
      try other.insert(base.values, recordIDs: (0..<2000).map(UInt64.init))
      released = other
    }
    #expect(released == nil)
  }
}
