import Testing
import Vamana

@Suite("When segments are merged")
struct CollectionPolicyTests {
  private typealias Size = MergePolicy.Size

  private func clean(_ counts: [Int]) -> [Size] {
    counts.map { Size(rowCount: $0, aliveCount: $0) }
  }

  @Test("Nothing is merged until a tier is full, and then its oldest segments are")
  func fullTier() {
    let policy = MergePolicy(fanIn: 4)
    #expect(policy.plan([]) == nil)
    #expect(policy.plan(clean([1000, 1000, 1000])) == nil)
    #expect(
      policy.plan(clean([50_000, 1000, 1000, 900, 1000, 1000]))
        == MergePolicy.Plan(reason: .tier, segments: [1, 2, 3, 4]))
  }

  @Test("Small tiers go first")
  func smallTiersFirst() {
    let policy = MergePolicy(fanIn: 2)
    #expect(policy.plan(clean([9000, 9000, 10, 10]))?.segments == [2, 3])
  }

  @Test("A merge of rows beyond the limit is not planned")
  func limitOfRows() {
    let policy = MergePolicy(fanIn: 2, rowCountMax: 150)
    #expect(policy.plan(clean([100, 100])) == nil)
    #expect(policy.plan(clean([70, 70]))?.segments == [0, 1])
  }

  @Test("Dead rows are collected where there are most, once the whole index has too many")
  func deadRows() {
    let policy = MergePolicy(fanIn: 4, deadShareMax: 0.15)
    let few = [Size(rowCount: 1000, aliveCount: 700), Size(rowCount: 9000, aliveCount: 9000)]
    #expect(policy.plan(few) == nil)
    let many = [Size(rowCount: 9000, aliveCount: 8000), Size(rowCount: 1000, aliveCount: 300)]
    #expect(policy.plan(many) == MergePolicy.Plan(reason: .deadRows, segments: [1]))
    let nearlyDead = [Size(rowCount: 100, aliveCount: 4), Size(rowCount: 9000, aliveCount: 9000)]
    #expect(policy.plan(nearlyDead)?.segments == [0])
  }

  @Test("One segment is asked for: all are merged, a dirty one alone, a clean one not at all")
  func requested() {
    let policy = MergePolicy(fanIn: 4, rowCountMax: 1000)
    #expect(policy.planForAll(clean([100, 200, 300]))?.segments == [0, 1, 2])
    #expect(policy.planForAll(clean([900, 200, 300]))?.segments == [1, 2])
    #expect(policy.planForAll([Size(rowCount: 10, aliveCount: 9)])?.segments == [0])
    #expect(policy.planForAll(clean([10])) == nil)
    #expect(policy.planForAll(clean([900, 800])) == nil)
    #expect(policy.planForAll([]) == nil)
  }

  @Test("Each row is built at most once a tier", arguments: [2, 3, 8], [100, 16_384])
  func writeAmplification(fanIn: Int, tail: Int) throws {
    let policy = MergePolicy(fanIn: fanIn, rowCountMax: .max)
    var generator = SeededGenerator(seed: 301)
    var segments: [Size] = []
    var inserted = 0
    var built = 0
    for _ in 0..<600 {
      // One to three tails at once, as sealing does when it lags.
      let count = tail * Int.random(in: 1...3, using: &generator)
      segments.append(Size(rowCount: count, aliveCount: count))
      inserted += count
      built += count
      while let plan = policy.plan(segments) {
        let total = plan.segments.reduce(0) { $0 + segments[$1].aliveCount }
        built += total
        for index in plan.segments.reversed() { segments.remove(at: index) }
        segments.append(Size(rowCount: total, aliveCount: total))
      }
    }
    var tiers = 1.0
    var size = Double(tail)
    while size * Double(fanIn) <= Double(inserted) {
      size *= Double(fanIn)
      tiers += 1
    }
    let amplification = Double(built) / Double(inserted)
    print("seed 301: fan-in \(fanIn): built \(amplification) times, \(segments.count) segments")
    #expect(amplification <= tiers + 1)
    #expect(Double(segments.count) <= (tiers + 1) * Double(fanIn - 1))
  }

  @Test("A window that slides in order is hardly ever rebuilt")
  func slidingWindow() {
    let policy = MergePolicy()
    var segments: [Size] = []
    var alive = 0
    var built = 0
    var inserted = 0
    for _ in 0..<200 {
      segments.append(Size(rowCount: 16_384, aliveCount: 16_384))
      inserted += 16_384
      alive += 16_384
      while alive > 100_000 {
        let step = min(segments[0].aliveCount, min(1000, alive - 100_000))
        segments[0].aliveCount -= step
        alive -= step
        if segments[0].aliveCount == 0 { segments.removeFirst() }
        while let plan = policy.plan(segments) {
          let total = plan.segments.reduce(0) { $0 + segments[$1].aliveCount }
          built += total
          for index in plan.segments.reversed() { segments.remove(at: index) }
          segments.insert(Size(rowCount: total, aliveCount: total), at: plan.segments[0])
        }
      }
    }
    print("rebuilt \(Double(built) / Double(inserted)) times")
    #expect(Double(built) <= 0.5 * Double(inserted))
  }
}
