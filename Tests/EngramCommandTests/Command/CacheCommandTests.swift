import Foundation
import Testing

@Suite("engram cache")
struct CacheCommandTests {
  private func filled() throws -> CommandHome {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    return home
  }

  @Test("stats names what the cache holds, takes and has done, over all processes")
  func stats() throws {
    let home = try filled()
    try home.succeed("search", "login", "--all-namespaces")
    let report = try home.succeed("cache", "stats", "--format", "json").object()
    #expect(report["episodes"] as? Int == 3 && report["embeddings"] as? Int == 3)
    #expect(report["items"] as? Int == 6 && report["episodesMax"] as? Int == 1000)
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["hits"] as? Int == 3 && total["hitRate"] as? Double == 1)
    #expect(total["writes"] as? Int == 6 && total["evictions"] as? Int == 0)
    for key in ["recordBytes", "recordFileBytes", "segmentFileBytes", "episodeBytes"] {
      #expect(report[key] as? Int ?? 0 > 0, "\(key)")
    }
    let text = try home.succeed("cache", "stats").output
    #expect(text.contains("3 of at most 1000"))
    #expect(text.contains("3 hits (100.0 %)"))
  }

  @Test("sweep evicts down to a smaller bound, and clear fills again")
  func sweepAndClear() throws {
    let home = try filled()
    let sweep = try home.run(
      "cache", "sweep", "--format", "json", environment: ["ENGRAM_CACHE_EPISODES": "2"])
    #expect(sweep.status == 0, "\(sweep.errors)")
    #expect(try sweep.object()["evicted"] as? Int == 1)
    #expect(
      try home.succeed("cache", "stats", "--format", "json").object()["episodes"] as? Int == 2)
    #expect(try home.succeed("cache", "clear").output.contains("again: 3 episodes, 3 embeddings"))
    #expect(try home.succeed("sync").output.contains("the cache agrees"))
  }

  @Test("check says that every checksum matches, and opening mends what was damaged")
  func check() throws {
    let home = try filled()
    #expect(try home.succeed("cache", "check").output.contains("every checksum matches"))
    let file = URL(fileURLWithPath: home.path + "/cache/records/data.mdb")
    var bytes = try Data(contentsOf: file)
    let place = try #require(bytes.range(of: Data("Refund a customer".utf8))).lowerBound
    bytes[place] ^= 1
    try bytes.write(to: file)
    let damaged = try Data(contentsOf: file)
    let run = try home.run("cache", "check", "--format", "json")
    #expect(run.status == 0)
    #expect(run.errors.contains("are not what was written"), "\(run.errors)")
    let found = try run.object()
    #expect(found["episodes"] as? Int == 3)
    let mended = try #require(found["mendedAtOpening"] as? [String])
    #expect(mended.count == 1 && mended[0].contains("are not what was written"), "\(mended)")
    // Each of those that look says so.
    try damaged.write(to: file)
    let validated = try home.run("sync", "validate")
    #expect(validated.status == 0, "\(validated.errors)")
    #expect(validated.output.contains("mended at opening: "), "\(validated.output)")
    #expect(validated.output.contains("the cache agrees"))
    try damaged.write(to: file)
    let report = try home.run("doctor").output
    #expect(report.contains("was damaged, and is sound again"), "\(report)")
    #expect(!(try home.succeed("cache", "check").output.contains("mended")))
    #expect(try home.succeed("cache", "check", "--repair").output.contains("3 episodes"))
  }

  @Test("A variable that says nothing sensible is named")
  func badVariables() throws {
    let home = try filled()
    for (name, value) in [
      ("EPISODES", "many"), ("BYTES", "0"), ("TTL", "-1"), ("COMPRESSION", "20"),
    ] {
      let run = try home.run("cache", "stats", environment: ["ENGRAM_CACHE_\(name)": value])
      expectFailure(run, status: 64, naming: "ENGRAM_CACHE_\(name) is '\(value)'; expected")
    }
    let run = try home.run(
      "cache", "clear", environment: ["ENGRAM_CACHE_COMPRESSION": "on", "ENGRAM_CACHE_TTL": "60"])
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("Without a memory each command says so")
  func noMemory() throws {
    let home = try CommandHome()
    for command in ["stats", "sweep", "clear", "check"] {
      expectFailure(try home.run("cache", command), status: 66, naming: "there is no memory")
    }
  }
}
