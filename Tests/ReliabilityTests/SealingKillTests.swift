import DurableStore
import Foundation
import TestSupport
import Testing
import Vamana

@Suite("Sealing that is killed", .serialized)
struct SealingKillTests {
  private struct Status: Decodable {
    struct Segment: Decodable { var count: Int }
    var segments: [Segment]
    var tailCount: Int
    var deadCount: Int
    var embeddingCount: Int
  }

  /// Few, so that each round seals; and the segments of several rounds are merged.
  private static let tailMax = 20
  private static let added = 30

  /// A process that stays, and seals in the background.
  private static func startSealing(_ home: ReliabilityHome) throws -> EngramProgram.Started {
    try EngramProgram.start(
      ["sync", "--watch", "--interval", "0.05", "--home", home.path],
      environment: ["ENGRAM_INDEX_TAIL": "\(tailMax)"])
  }

  /// The last embedding that is in a published segment.
  private static let lastSealed =
    "(SELECT coalesce(max(highest_embedding_id), 0) FROM index_segments WHERE is_complete)"

  private static func number(_ sql: String, _ home: ReliabilityHome) throws -> Int {
    let output = try home.sqlite(sql)
    return try #require(Int(output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(output)")
  }

  /// How many embeddings are in no published segment.
  private static func tailCount(_ home: ReliabilityHome) throws -> Int {
    try number(
      "SELECT count(*) FROM embeddings WHERE owner_kind = 'episode' AND id > \(lastSealed)", home)
  }

  /// Has all be sealed that is to be.
  ///
  /// - Returns: the seconds it took.
  private static func seal(_ home: ReliabilityHome) async throws -> Double {
    let began = Date()
    let sealing = try startSealing(home)
    while try tailCount(home) > tailMax, Date().timeIntervalSince(began) < 300 {
      try await Task.sleep(for: .milliseconds(10))
    }
    let seconds = Date().timeIntervalSince(began)
    sealing.kill()
    _ = try await sealing.wait(secondsMax: 300)
    #expect(try tailCount(home) <= tailMax)
    return seconds
  }

  @Test("What is sealed when a kill comes is in the tail or in one segment, never in two")
  func kills() async throws {
    let rounds = Workload.isSlow ? 100 : 5
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let home = try ReliabilityHome()
    let base = (0..<Self.added).map { "base-\($0)" }
    try await home.succeed("import", "jsonl", "-", input: Workload.lines(base))
    // Up to somewhat longer than it takes to the end of the publication, and of the merge behind it. It follows what
    // the kills hit: the store grows, and the machine may do other things beside.
    var latest = try await 1.5 * Self.seal(home)
    var stored = Set(base)
    var (sealedCount, cutOffCount, begunCount) = (1, 0, 0)
    var round = 0
    while Killing.isDue(
      round: round, of: rounds, hits: min(cutOffCount, sealedCount), wanted: rounds / 5)
    {
      defer { round += 1 }
      let ids = (0..<Self.added).map { "r\(round)-\($0)" }
      // Every other time the writer writes while its episodes are sealed, and is killed too.
      let isWritingBeside = round % 2 == 1
      let writer = try home.start(
        "import", "jsonl", "-", "--batch", "8", "--acknowledge", input: Workload.lines(ids))
      if !isWritingBeside { _ = try await writer.wait(secondsMax: 300) }
      let sealedBefore = try Self.number("SELECT \(Self.lastSealed)", home)
      let sealing = try Self.startSealing(home)
      let moment = Double.random(in: 0...latest, using: &random)
      let wasRunning = await Killing.kill([sealing, writer], after: moment)
      let hint: Comment = "seed \(Workload.seed), round \(round)"
      let ended = try #require(try await sealing.wait(secondsMax: 300), hint)
      #expect(wasRunning, "\(hint): \(ended.errors)")
      let written = try #require(try await writer.wait(secondsMax: 300), hint)
      #expect(written.status == 0 || written.status == 128 + 9, "\(hint): \(written.errors)")
      // As the kill has left it: nobody has opened it since.
      if try Self.number("SELECT \(Self.lastSealed)", home) > sealedBefore {
        sealedCount += 1
        latest *= 0.9
      } else {
        cutOffCount += 1
        latest *= 1.1
      }
      if try Self.number("SELECT count(*) FROM index_segments WHERE NOT is_complete", home) > 0 {
        begunCount += 1
      }
      let acknowledged = Set(written.lines).intersection(ids)
      let present = try await home.storedIDs()
      #expect(stored.union(acknowledged).isSubset(of: present), hint)
      #expect(present.isSubset(of: stored.union(ids)), hint)
      stored = present
      try await home.expectSound()
      try await Self.expectEachOnce(home, count: stored.count, hint)
    }
    print(
      "of \(round) kills \(cutOffCount) came before the tail was sealed, and \(begunCount) while a "
        + "segment was published; the last came within \(latest) s")
    #expect(cutOffCount >= rounds / 5)
    let last = (0..<Self.added).map { "last-\($0)" }
    try await home.succeed("import", "jsonl", "-", input: Workload.lines(last))
    _ = try await Self.seal(home)
    try await Self.expectEachOnce(home, count: stored.count + last.count, "at the end")
    // What was left of publications that were cut off is gone.
    #expect(
      try home.sqlite(
        """
        SELECT (SELECT count(*) FROM index_segments WHERE NOT is_complete),
          (SELECT count(*) FROM segment_chunks WHERE segment NOT IN (SELECT id FROM index_segments))
        """) == "0|0\n")
    try await home.succeed("index", "verify")
    try await home.succeed("store", "check")
    try await home.expectSound()
    #expect(try home.integrity() == "ok\n")
    if Workload.isSlow {
      // Dozens were sealed. Most processes were killed before they merged any; one that stays does.
      let merging = try Self.startSealing(home)
      let began = Date()
      while try await Self.status(home).segments.count >= sealedCount / 2,
        Date().timeIntervalSince(began) < 120
      { try await Task.sleep(for: .milliseconds(100)) }
      merging.kill()
      _ = try await merging.wait(secondsMax: 300)
      #expect(try await Self.status(home).segments.count < sealedCount / 2)
      try await Self.expectEachOnce(home, count: stored.count + last.count, "merged")
    }
  }

  private static func status(_ home: ReliabilityHome) async throws -> Status {
    let run = try await home.succeed("index", "status", "--format", "json")
    return try JSONDecoder().decode(Status.self, from: Data(run.output.utf8))
  }

  /// That every embedding is in one segment, or in the tail.
  private static func expectEachOnce(
    _ home: ReliabilityHome, count: Int, _ hint: Comment
  ) async throws {
    let status = try await status(home)
    #expect(status.embeddingCount == count && status.deadCount == 0, hint)
    #expect(status.segments.reduce(status.tailCount) { $0 + $1.count } == count, hint)
    // One that is missing and one that is there twice would give the same sum.
    let wanted = try ids("SELECT id FROM embeddings WHERE owner_kind = 'episode'", home)
    let tail = try ids(
      "SELECT id FROM embeddings WHERE owner_kind = 'episode' AND id > \(lastSealed)", home)
    let found = try await sealedIDs(home) + tail
    #expect(found.sorted() == wanted.sorted(), hint)
  }

  private static func ids(_ sql: String, _ home: ReliabilityHome) throws -> [UInt64] {
    try home.sqlite(sql).split(separator: "\n").map { line in
      try #require(UInt64(line), "\(line)")
    }
  }

  /// The embeddings in all published segments, as the segments themselves have them.
  private static func sealedIDs(_ home: ReliabilityHome) async throws -> [UInt64] {
    let store = try await DurableStore.open(path: home.databasePath)
    defer { store.close() }
    var ids: [UInt64] = []
    for segment in try await store.segments() {
      var bytes: [UInt8] = []
      while bytes.count < segment.byteCount {
        let index = bytes.count / segment.chunkBytes
        bytes += try await store.segmentChunk(id: segment.id, index: index)
      }
      let image = bytes.withUnsafeBytes { SegmentImage(copying: $0) }
      ids += try Segment(image).recordIDs
    }
    return ids
  }
}
