import Foundation
import Testing
import Vamana
import VectorMath

@Suite("Memory of segments on disk")
struct DiskSegmentMemoryTests {
  @Test("What an open segment keeps is within its budget, and no part of its file is mapped")
  func residentBytes() throws {
    let dimension = 48
    let base = TestVectors(count: 2000, dimension: dimension, seed: 95)
    let stored = try StoredImage(of: base, metric: .cosine)
    let vectorBytes = base.count * dimension * 4
    let disk = try DiskSegment(path: stored.path)
    #expect(disk.residentByteCount < vectorBytes * 15 / 100)
    _ = try disk.recordIDs()
    #expect(disk.residentByteCount < vectorBytes * 15 / 100)
    for index in 0..<100 { _ = try disk.search(base.row(index)) }
    if let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) {
      #expect(!maps.contains(stored.path))
    }
  }
}
