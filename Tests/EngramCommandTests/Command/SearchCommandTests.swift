import Episodes
import Foundation
import Testing

@Suite("Searches and the index on the command line")
struct SearchCommandTests {
  private struct Results: Decodable {
    struct Hit: Decodable {
      var similarity: Double
      var episode: Episode
    }
    var hits: [Hit]
  }

  private func importedHome() throws -> CommandHome {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    return home
  }

  @Test("Searches find by meaning, and only what the filters let through")
  func filters() throws {
    let home = try importedHome()
    func found(_ filter: String...) throws -> [String] {
      let scope = filter.contains("--namespace") ? [] : ["--all-namespaces"]
      return try EngramProcess.run(
        ["search", "give the money back", "--home", home.path, "--format", "json"] + filter + scope
      ).decode(Results.self).hits.map(\.episode.id)
    }
    let all = try found()
    #expect(all.first == "refund")
    #expect(Set(all) == ["login", "refund", "query"])
    #expect(try found("--limit", "1") == ["refund"])
    #expect(try Set(found("--domain", "web")) == ["login", "query"])
    #expect(try found("--task-type", "debugging") == ["login"])
    #expect(try Set(found("--tag", "urgent")) == ["refund", "query"])
    #expect(try found("--tag", "urgent", "--tag", "billing") == ["refund"])
    #expect(try Set(found("--any-tag", "auth", "--any-tag", "billing")) == ["login", "refund"])
    #expect(try found("--outcome", "failure") == ["refund"])
    #expect(try found("--unfinished") == ["query"])
    #expect(try Set(found("--finished")) == ["login", "refund"])
    #expect(try found("--namespace", "team-a") == ["query"])
    #expect(try Set(found("--since", "2026-03-05")) == ["refund", "query"])
    #expect(try Set(found("--until", "2026-03-05T10:00:00Z")) == ["login"])
    #expect(try found("--domain", "nowhere").isEmpty)
    let text = try home.succeed("search", "give", "the", "money", "back").output
    #expect(text.hasPrefix(" 1  "))
    #expect(text.contains("refund") && text.contains("#billing"))
    #expect(
      try home.succeed("search", "x", "--domain", "nowhere").output
        == "no episode matches in namespace 'default' (--all-namespaces looks in all)\n")
    #expect(
      try home.succeed("search", "x", "--namespace", "nosuch").output
        == "no episode matches in namespace 'nosuch' ('engram namespace list' shows all)\n")
    #expect(
      try home.succeed("search", "x", "--domain", "nowhere", "--all-namespaces").output
        == "no episode matches\n")
  }

  @Test("The index is built, described and verified, and searches stay the same")
  func index() throws {
    let home = try importedHome()
    #expect(try home.succeed("index", "status").output.contains("no segment yet"))
    let before = try home.succeed("search", "signing in", "--format", "json").decode(Results.self)
    let built = try home.succeed("index", "build", "--format", "json").object()
    #expect(built["count"] as? Int == 3)
    #expect(built["dimension"] as? Int == 384)
    let status = try home.succeed("index", "status", "--format", "json").object()
    #expect((status["segments"] as? [Any])?.count == 1)
    #expect(status["tailCount"] as? Int == 0)
    #expect(status["embeddingCount"] as? Int == 3)
    let verified = try home.succeed("index", "verify", "--format", "json").object()
    #expect(verified["problems"] as? [String] == [])
    #expect(verified["recallAt10"] as? Double == 1)
    #expect(try home.succeed("index", "verify").output.contains("every checksum matches"))
    let after = try home.succeed("search", "signing in", "--format", "json").decode(Results.self)
    #expect(after.hits.map(\.episode) == before.hits.map(\.episode))
    #expect(after.hits.first?.episode.id == "login")
  }

  @Test("Statistics and sync print text and JSON, also after the cache was deleted")
  func statistics() throws {
    let home = try importedHome()
    try home.succeed("index", "build")
    let statistics = try home.succeed("stats", "--format", "json").object()
    #expect(statistics["episodes"] as? Int == 3)
    #expect(statistics["embeddings"] as? Int == 3)
    #expect(statistics["cachedEpisodes"] as? Int == 3)
    #expect(statistics["segments"] as? Int == 1)
    #expect(statistics["watermark"] as? Int == statistics["lastChange"] as? Int)
    #expect(try home.succeed("stats").output.contains("episodes        3"))

    #expect(try home.succeed("sync").output.contains("agrees with the durable store"))
    try FileManager.default.removeItem(atPath: home.path + "/cache")
    let report = try home.succeed("sync", "--format", "json").object()
    let sync = report["sync"] as? [String: Any]
    #expect(sync?["episodesWritten"] as? Int == 3)
    #expect(sync?["embeddingsWritten"] as? Int == 3)
    #expect(sync?["segmentsCarried"] as? Int == 1)
    let validation = report["validation"] as? [String: Any]
    #expect(validation?["problems"] as? [String] == [])
    #expect(try home.succeed("sync").output.hasPrefix("up to date"))
  }
}
