import Foundation
import Testing
import Vamana
import VectorMath

@Suite("Manifests of an updatable index")
struct CollectionManifestTests {
  private let base = TestVectors(count: 400, dimension: 8, seed: 501)

  private func filled(_ storage: any SegmentStorage) throws -> VectorIndex {
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 100), storage: storage)
    try index.insert(base.values(0..<300), recordIDs: (0..<300).map(UInt64.init))
    try index.delete([0, 64, 299])
    try index.flush()
    return index
  }

  @Test("An index opened from its manifest holds what was sealed, deletions too")
  func reopened() throws {
    let storage = MemorySegmentStorage()
    let index = try filled(storage)
    let text = try JSONEncoder().encode(index.manifest)
    let manifest = try JSONDecoder().decode(SegmentManifest.self, from: text)
    #expect(manifest == storage.manifest)
    let again = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: index.configuration, manifest: manifest,
      storage: storage)
    #expect(again.count == 297)
    #expect(again.operation == index.operation)
    #expect(again.snapshot().recordIDs == index.snapshot().recordIDs)
    for row in 0..<20 {
      #expect(try again.search(base.row(row)) == (try index.search(base.row(row))))
    }
    try again.insert(base.row(0), recordID: 0)
    #expect(try again.delete([1]) == 1)
    #expect(again.count == 297)
  }

  @Test("Operations after that of the manifest bring back rows that were in a tail")
  func repeatedOperations() throws {
    let storage = GatedStorage(keepsAll: true)
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 64), storage: storage)
    var generator = SeededGenerator(seed: 511)
    // Each write is one operation, so that its number is its place here.
    var log: [(id: UInt64, row: Int?)] = []
    func apply(_ step: (id: UInt64, row: Int?), to index: VectorIndex) throws {
      if let row = step.row {
        try index.insert(base.row(row), recordID: step.id)
      } else {
        try index.delete([step.id])
      }
    }
    for number in 0..<700 {
      let id = UInt64.random(in: 0..<120, using: &generator)
      let row = Int.random(in: 0..<4, using: &generator) == 0 ? nil : number % 400
      log.append((id, row))
      try apply(log[number], to: index)
      #expect(index.operation == UInt64(number + 1))
      guard number % 97 == 50 else { continue }
      let manifest = index.manifest
      let again = try VectorIndex(
        dimension: 8, metric: .cosine, configuration: .small(tail: 64), manifest: manifest,
        storage: storage)
      for step in log[Int(manifest.operation)...] { try apply(step, to: again) }
      #expect(again.snapshot().recordIDs == index.snapshot().recordIDs)
      again.close()
    }
  }

  @Test("A manifest that does not fit is refused")
  func damaged() throws {
    let storage = MemorySegmentStorage()
    let index = try filled(storage)
    let good = index.manifest
    func open(_ change: (inout SegmentManifest) -> Void) throws {
      var manifest = good
      change(&manifest)
      _ = try VectorIndex(
        dimension: 8, metric: .cosine, configuration: index.configuration, manifest: manifest,
        storage: storage)
    }
    try open { _ in }
    let changes: [(inout SegmentManifest) -> Void] = [
      { $0.version = 2 },
      { $0.dimension = 9 },
      { $0.metric = 3 },
      { $0.model = "another" },
      { $0.segments[0].handle.rawValue = "nowhere" },
      { $0.segments[0].rowCount += 1 },
      { $0.segments[0].deadRows = [0, 0, 0, 0, 1 << 63] },
      { $0.segments[0].deadRows = [UInt64](repeating: .max, count: 100) },
      { $0.segments.append($0.segments[0]) },
    ]
    for change in changes { #expect(throws: VectorIndexError.self) { try open(change) } }
  }

  @Test("A storage that fails is reported, nothing is lost, and the next attempt succeeds")
  func failingStorage() throws {
    let gate = Gate()
    gate.fail(true)
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 50, closedTails: 2),
      storage: GatedStorage(gate: gate))
    #expect(throws: VectorIndexError.maintenanceFailed(problem: "Shut()")) {
      try index.insert(base.values, recordIDs: (0..<400).map(UInt64.init))
    }
    let count = index.count
    #expect(count == 100)
    #expect(throws: VectorIndexError.maintenanceFailed(problem: "Shut()")) { try index.flush() }
    #expect(try index.search(base.row(99))[0].recordID == 99)
    gate.fail(false)
    try index.insert(base.values, recordIDs: (0..<400).map(UInt64.init))
    try index.flush()
    #expect(index.count == 400)
    #expect(index.statistics.closedTailCount == 0)
  }

  @Test("Segments that were merged away leave the storage once a manifest without them is saved")
  func storageIsCleaned() throws {
    let storage = MemorySegmentStorage()
    let index = try filled(storage)
    try index.compact()
    #expect(storage.handles.count == 1)
    #expect(storage.manifest?.segments.map(\.handle) == Array(storage.handles))
    #expect(storage.manifest?.operation == index.operation)
    index.close()
    #expect(storage.handles.count == 1)
  }
}
