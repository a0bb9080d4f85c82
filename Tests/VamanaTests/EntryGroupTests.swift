import Testing
import VectorMath

@testable import Vamana

@Suite("Entry points in groups")
struct EntryGroupTests {
  private func groups(
    of entryPoints: [UInt32], among vectors: TestVectors, seed: UInt64 = 1
  ) -> [UInt32]? {
    vectors.values.withUnsafeBufferPointer {
      EntryGroups.make(
        of: entryPoints,
        matrix: FloatMatrix(
          base: $0.baseAddress!, count: vectors.count, dimension: vectors.dimension), seed: seed)
    }
  }

  /// Enough entry points for groups, as a configuration.
  private func configuration(entryPointCount: Int = 300) -> VamanaConfiguration {
    var configuration = VamanaConfiguration()
    configuration.entryPointCount = entryPointCount
    return configuration
  }

  @Test("Groups are whole, hold every entry point once, and begin with the first")
  func whole() throws {
    let vectors = TestVectors(count: 900, dimension: 10, seed: 5)
    for count in [241, 256, 300, 511, 896] {
      let entryPoints = EntryPoints.random(count, of: vectors.count, seed: 9)
      let groups = try #require(self.groups(of: entryPoints, among: vectors))
      #expect(groups.count == (count + 15) / 16 * 16)
      #expect(Set(groups).count == groups.count)
      #expect(Set(groups).isSuperset(of: entryPoints))
      #expect(groups[0] == entryPoints[0])
      #expect(groups == self.groups(of: entryPoints, among: vectors))
    }
  }

  @Test("Few are not grouped, nor all that there are")
  func few() {
    let vectors = TestVectors(count: 300, dimension: 4, seed: 6)
    #expect(groups(of: Array(0..<240), among: vectors) == nil)
    #expect(groups(of: Array(0..<300), among: vectors) == nil)
    #expect(groups(of: Array(0..<288), among: vectors) != nil)
  }

  @Test("What stands in one group is near to each other")
  func near() throws {
    // Sixteen clusters far apart in a row, of sixteen rows each.
    let vectors = TestVectors(
      rows: (0..<257).map { row in
        let cluster = row % 16
        return [Float(cluster) * 100, Float(row / 16), Float(row / 16)]
      })
    let groups = try #require(self.groups(of: Array(0..<256), among: vectors))
    for start in stride(from: 0, to: 256, by: 16) {
      #expect(Set(groups[start..<start + 16].map { $0 % 16 }).count == 1)
    }
  }

  @Test("Rows that are all equal are grouped too")
  func equalRows() throws {
    let vectors = TestVectors(rows: [[Float]](repeating: [1, 2], count: 400))
    let groups = try #require(self.groups(of: Array(0..<256), among: vectors))
    #expect(groups.sorted() == Array(0..<256))
  }

  @Test(
    "A search scores few of them, and finds as much as one that scores all",
    arguments: [Metric.cosine, .innerProduct, .squaredEuclidean], [true, false])
  func search(metric: Metric, isFused: Bool) throws {
    let (base, queries) = TestVectors(count: 4100, dimension: 24, clusterCount: 80, seed: 71)
      .split(at: 4000)
    var grouped = configuration(entryPointCount: 400)
    var few = configuration(entryPointCount: 200)
    grouped.isFused = isFused
    few.isFused = isFused
    let segment = try Segment(base.build(metric: metric, configuration: grouped))
    let whole = try Segment(base.build(metric: metric, configuration: few))
    #expect(segment.layout.header.entryGroupCount == 25)
    #expect(whole.layout.header.entryGroupCount == 0)
    let flat = try base.flat(metric: metric)
    let parameters = SearchParameters(k: 10, targetRecall: 0.95)
    let scratch = SearchScratch()
    var found = (grouped: 0, whole: 0)
    for index in 0..<queries.count {
      let query = queries.row(index)
      let truth = Set(try flat.search(query, k: 10).map(\.recordID))
      try query.withUnsafeBufferPointer {
        try segment.search($0, parameters: parameters, scratch: scratch)
      }
      found.grouped += scratch.hits.count { truth.contains($0.recordID) }
      let hits = try whole.search(query, parameters: parameters)
      found.whole += hits.count { truth.contains($0.recordID) }
      #expect(try segment.search(query, filter: RecordFilter(0..<5)).count == 5)
    }
    #expect(found.grouped >= queries.count * 10 * 92 / 100)
    #expect(found.grouped >= found.whole - queries.count * 10 * 3 / 100)
    // A list as long as the segment finds everything: the first entry point is in it.
    let all = try segment.search(
      queries.row(0), parameters: SearchParameters(k: base.count, listSize: base.count))
    #expect(all.count == base.count)
  }

  @Test("They are kept with the image, in memory and on disk; without groups it is what it was")
  func kept() throws {
    let base = TestVectors(count: 600, dimension: 16, seed: 72)
    for (placement, versions) in [(NodePlacement.memory, [2, 4]), (.disk, [3, 5])] {
      for (entryPointCount, version) in zip([60, 300], versions) {
        var configuration = configuration(entryPointCount: entryPointCount)
        configuration.placement = placement
        let image = try base.build(metric: .cosine, configuration: configuration)
        #expect(image.bytes.load(fromByteOffset: 8, as: UInt32.self) == UInt32(version))
        let copied = SegmentImage(copying: image.bytes)
        let segment = try Segment(bytes: copied.bytes, owner: copied)
        let entries = segment.entryPoints
        #expect(entries.count == (version < 4 ? 60 : 304))
        #expect(Set(entries).count == entries.count)
        #expect(entries.allSatisfy { $0 < 600 })
        #expect(
          image.bytes.count
            <= SegmentBuilder.imageByteCount(
              count: 600, dimension: 16, configuration: configuration))
      }
    }
  }

  @Test(
    "Groups that the header has too many or too few of are refused",
    arguments: [0, 1, 18, 20, 1 << 20])
  func wrongCount(count: Int) throws {
    let base = TestVectors(count: 600, dimension: 16, seed: 73)
    let image = try base.build(metric: .cosine, configuration: configuration())
    #expect(try Segment(image).layout.header.entryGroupCount == 19)
    let bytes = image.mutableBytes
    bytes.storeBytes(
      of: UInt32(count), toByteOffset: SegmentHeader.entryGroupOffset, as: UInt32.self)
    let checksum = CRC32C.checksum(
      of: UnsafeRawBufferPointer(rebasing: image.bytes[0..<SegmentHeader.checksumOffset]))
    bytes.storeBytes(of: checksum, toByteOffset: SegmentHeader.checksumOffset, as: UInt32.self)
    #expect(throws: VamanaError.invalidSegment(problem: "a field of the header is out of range")) {
      try Segment(bytes: image.bytes, owner: image)
    }
  }

  @Test("Codes of entry points in any bytes end no search")
  func randomBytes() throws {
    let base = TestVectors(count: 600, dimension: 16, seed: 74)
    let image = try base.build(metric: .cosine, configuration: configuration())
    let layout = try Segment(image).layout
    var generator = SeededGenerator(seed: 75)
    for _ in 0..<20 {
      for section in [SegmentSection.entryPoints, .entryFactors, .entryCodes] {
        for offset in layout[section] where Int.random(in: 0..<4, using: &generator) == 0 {
          image.mutableBytes[offset] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      let segment = try Segment(bytes: image.bytes, owner: image, verifyingChecksums: false)
      for listSize in [10, 100, 600] {
        let hits = try segment.search(
          base.row(3), parameters: SearchParameters(k: 10, listSize: listSize))
        #expect(hits.count <= 10)
      }
    }
  }
}
