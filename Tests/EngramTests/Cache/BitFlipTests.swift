import Engram
import Episodes
import Foundation
import Sync
import TestSupport
import Testing

/// Bits turned in the files of the cache while no process has it open.
///
/// What is claimed: every answer is what the durable store holds, or an error; the process goes on; and
/// the cache is sound again afterwards.
@Suite("Bit flips in the cache")
struct BitFlipTests {
  private static let questions = ["login timeout", "printer driver", "refund invoice billing"]

  /// What a search answers.
  private struct Answer: Equatable {
    var hits: [EpisodeHit]

    static func == (left: Answer, right: Answer) -> Bool {
      // Hits at the same distance have no order of their own; the index ranks by codes of the vectors.
      left.hits.map(\.episode.id).sorted() == right.hits.map(\.episode.id).sorted()
        && Dictionary(uniqueKeysWithValues: left.hits.map { ($0.episode.id, $0.episode) })
          == Dictionary(uniqueKeysWithValues: right.hits.map { ($0.episode.id, $0.episode) })
        && zip(left.hits, right.hits).allSatisfy { abs($0.similarity - $1.similarity) < 1e-5 }
    }
  }

  private static func answers(_ memory: Memory) async throws -> [Answer] {
    var answers: [Answer] = []
    for question in questions {
      answers.append(
        Answer(hits: try await memory.search(SearchRequest(question, limit: 200)).hits))
    }
    return answers
  }

  private static func flip(bitsOf file: String, _ generator: inout SeededGenerator) throws -> Int {
    let url = URL(fileURLWithPath: file)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
    guard size > 0 else { return 0 }
    let place = generator.below(size)
    let handle = try FileHandle(forUpdating: url)
    try handle.seek(toOffset: UInt64(place))
    let byte = try #require(try handle.read(upToCount: 1)?.first)
    try handle.seek(toOffset: UInt64(place))
    try handle.write(contentsOf: [byte ^ 1 << UInt8(generator.below(8))])
    try handle.close()
    return place
  }

  private static func run(flips: Int, seed: UInt64) async throws {
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: seed)
    _ = try await memory.importEpisodes(random.episodes(60))
    _ = try await memory.buildIndex()
    // Some that no segment covers.
    _ = try await memory.importEpisodes(random.episodes(20, prefix: "tail"))
    let truth = try await answers(memory)
    #expect(truth.allSatisfy { $0.hits.count == 80 })
    await memory.close()
    let pristine = home.path + ".pristine"
    try FileManager.default.copyItem(atPath: home.file("cache"), toPath: pristine)
    defer { try? FileManager.default.removeItem(atPath: pristine) }
    let files = try FileManager.default.subpathsOfDirectory(atPath: pristine).filter {
      var isDirectory: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: pristine + "/" + $0, isDirectory: &isDirectory) && !isDirectory.boolValue
    }.sorted()
    let data = files.filter { $0.hasSuffix("data.mdb") }
    #expect(data.count == 2)
    var setAsideCount = 0
    for number in 0..<flips {
      try home.deleteCache()
      try FileManager.default.copyItem(atPath: pristine, toPath: home.file("cache"))
      let file = generator.chance(0.9) ? generator.pick(data) : generator.pick(files)
      let place = try flip(bitsOf: home.file("cache/" + file), &generator)
      let what = Comment(rawValue: "flip \(number) at byte \(place) of \(file)")
      memory = try await home.open()
      #expect(try await answers(memory) == truth, what)
      #expect(try await memory.validateCache().problems == [], what)
      let health = try await memory.checkCache(repairing: true)
      #expect(health.isSound || health.isRepaired, what)
      await memory.close()
      let asides = try FileManager.default.contentsOfDirectory(atPath: home.file("cache"))
        .filter { $0.hasSuffix(".set-aside") }
      setAsideCount += asides.count
    }
    print("\(flips) flips: \(setAsideCount) had a file set aside")
    #expect(setAsideCount > 0)
  }

  @Test("After any of 30 random flips every answer is right, and the cache heals")
  func some() async throws { try await Self.run(flips: 30, seed: 7) }

  @Test(
    "After any of 500 random flips every answer is right, and the cache heals",
    .enabled(if: ProcessInfo.processInfo.environment["ENGRAM_SLOW_TESTS"] != nil))
  func many() async throws {
    try await Self.run(flips: 500, seed: .random(in: 0...UInt64.max))
  }
}
