import Episodes
import Foundation
import Testing

@Suite("Dry runs, and what remains")
struct DryRunTests {
  @Test("say what would go, and take nothing")
  func dryRuns() throws {
    let home = try CommandHome()
    for id in ["a", "b"] { try home.succeed("episode", "start", "Task \(id)", "--id", id) }
    try home.succeed("episode", "log", "a", "--tool", "t", "--action", "look", "--success", "ok")
    let point = try home.succeed("checkpoint", "create", "a", "half").output.trimmed
    let link = try home.succeed("relation", "add", "a", "b", "--kind", "follows").output.trimmed
    #expect(
      try home.succeed("checkpoint", "delete", point, "--dry-run").output
        == "would delete \(point): 'half', after step 1 of a\n")
    #expect(
      try home.succeed("relation", "remove", link, "--dry-run").output
        == "would remove \(link): a follows b\n")
    let planned = try home.succeed("episode", "delete", "a", "--dry-run").output
    #expect(planned.hasPrefix("would delete 1 episode, 1 step"), "\(planned)")
    let shown = try home.succeed("episode", "show", "a", "--format", "json").decode(Episode.self)
    #expect(shown.checkpoints.map(\.id) == [point])
    #expect(try home.succeed("relation", "list", "a").output.contains(link))
    for command in [["checkpoint", "delete"], ["relation", "remove"], ["episode", "delete"]] {
      expectFailure(
        try EngramProcess.run(command + ["none", "--dry-run", "--home", home.path]), status: 1,
        naming: "none")
    }
  }

  @Test("Clearing the cache leaves nothing of what was forgotten in its files")
  func clearedCache() throws {
    let home = try CommandHome()
    try home.succeed("episode", "start", "Feed the zanzibarquux", "--id", "a")
    try home.succeed("episode", "start", "Another task", "--id", "b")
    let forgot = try home.succeed("forget", "a").output
    #expect(forgot.contains("cache clear") && forgot.contains("backups"), "\(forgot)")
    try home.succeed("cache", "clear")
    let files = try #require(FileManager.default.enumerator(atPath: home.path + "/cache"))
    var count = 0
    for case let name as String in files {
      guard let data = FileManager.default.contents(atPath: home.path + "/cache/" + name) else {
        continue
      }
      count += 1
      #expect(data.range(of: Data("zanzibarquux".utf8)) == nil, "\(name)")
    }
    #expect(count > 2)
    #expect(try home.succeed("sync", "validate").output.contains("agrees"))
    #expect(try home.succeed("episode", "list").output.hasPrefix("b  "))
  }

  @Test("The cache is kept where it is the only copy that can be read")
  func onlyCopy() throws {
    let home = try CommandHome()
    try home.succeed("episode", "start", "Task", "--id", "a")
    try FileManager.default.removeItem(atPath: home.path + "/engram.db")
    let run = try home.run("cache", "clear")
    #expect(run.status == 69, "\(run.errors)")
    #expect(FileManager.default.fileExists(atPath: home.path + "/cache/records/data.mdb"))
  }

  @Test("Questions may have every filter, an evaluation needs no model for words")
  func evaluation() throws {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    let questions = try home.folder.write(
      """
      {"query": "flaky", "relevant": ["login"], "filter": {"isFinished": true, "isCurrent": true}}
      {"query": "flaky", "relevant": ["login"], "filter": {"metadata": ["!x"]}}
      """.replacing("[\"!x\"]", with: "{\"ticket\": \"none\"}"), to: "questions.jsonl")
    let run = try home.run(
      "eval", "retrieval", "--queries", questions, "--mode", "text", "--format", "json",
      environment: ["ENGRAM_MODEL_DIR": home.folder.path("none")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.object()["recallAt1"] as? Double == 0.5)
    let bad = try home.folder.write(
      #"{"query": "x", "relevant": ["login"], "filter": {"near": "north"}}"#, to: "bad.jsonl")
    expectFailure(
      try home.run("eval", "retrieval", "--queries", bad), status: 65, naming: "filter.near")
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
