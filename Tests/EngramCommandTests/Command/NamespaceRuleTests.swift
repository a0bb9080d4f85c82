import Episodes
import Foundation
import Testing

@Suite("One rule for namespaces on the command line")
struct NamespaceRuleTests {
  private struct Results: Decodable {
    struct Hit: Decodable { var episode: Episode }
    var hits: [Hit]
  }

  private struct Page: Decodable { var episodes: [Episode] }

  private func importedHome() throws -> CommandHome {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    return home
  }

  private func listed(
    _ home: CommandHome, _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Set<String> {
    let run = try EngramProcess.run(
      ["episode", "list", "--home", home.path, "--format", "json"] + arguments,
      environment: environment)
    return Set(try run.decode(Page.self).episodes.map(\.id))
  }

  @Test("The option, else ENGRAM_NAMESPACE, else 'default'; all of them only when asked")
  func lists() throws {
    let home = try importedHome()
    let team = ["ENGRAM_NAMESPACE": "team-a"]
    #expect(try listed(home) == ["login", "refund"])
    #expect(try listed(home, environment: team) == ["query"])
    #expect(try listed(home, "--namespace", "default", environment: team) == ["login", "refund"])
    #expect(
      try listed(home, "--all-namespaces", environment: team) == ["login", "refund", "query"])
    let found = try home.run("search", "database", "--format", "json", environment: team)
    #expect(try found.decode(Results.self).hits.map(\.episode.id) == ["query"])
    #expect(try home.run("tag", "list", environment: team).output.contains("urgent"))
    #expect(!(try home.run("tag", "list", environment: team).output.contains("billing")))
  }

  @Test("An id is enough, unless a namespace is named")
  func ids() throws {
    let home = try importedHome()
    try home.succeed("episode", "show", "query")
    try home.succeed("episode", "log", "query", "--tool", "t", "--action", "a", "--success", "ok")
    for command in [
      ["episode", "show", "query"], ["episode", "delete", "query"], ["history", "query"],
      ["episode", "log", "query", "--tool", "t", "--action", "a"], ["handoff", "query"],
      ["tag", "add", "query", "x1"], ["checkpoint", "create", "query", "here"],
      ["forget", "query"], ["episode", "complete", "query", "--success", "done"],
      ["episode", "update", "query", "--domain", "x"],
      ["pattern", "recommend", "x", "--episode", "query"],
    ] {
      let run = try EngramProcess.run(
        command + ["--home", home.path], environment: ["ENGRAM_NAMESPACE": "default"])
      expectFailure(run, status: 1, naming: "query", "'default'")
    }
    #expect(try listed(home, "--namespace", "team-a") == ["query"])
    // What is asked in an episode is asked of its namespace.
    #expect(
      try home.run("pattern", "recommend", "speed up", "--episode", "query").status == 0)
  }

  @Test("What is new goes into it, also what is imported")
  func writes() throws {
    let home = try CommandHome()
    let team = ["ENGRAM_NAMESPACE": "team-b"]
    _ = try home.run("episode", "start", "Task", "--id", "a", environment: team)
    let lines = """
      {"id": "b", "taskDescription": "Second"}
      {"id": "c", "namespace": "own", "taskDescription": "Third"}
      """
    _ = try home.run("import", "jsonl", "-", input: lines, environment: team)
    #expect(try listed(home, "--namespace", "team-b") == ["a", "b"])
    #expect(try listed(home, "--namespace", "own") == ["c"])
    let other = try CommandHome()
    let exported = try home.succeed("export").output
    try other.succeed("import", "jsonl", "-", "--namespace", "moved", input: exported)
    #expect(try listed(other, "--namespace", "moved") == ["a", "b", "c"])
    #expect(try home.run("import", "jsonl", "-", "--namespace", "").status == 64)
  }

  @Test("A write that evicts says how many")
  func evictions() throws {
    let home = try CommandHome()
    for id in ["a", "b", "c"] { try home.succeed("episode", "start", "Task \(id)", "--id", id) }
    let planned = try home.succeed("capacity", "set", "--episodes", "2", "--dry-run")
    #expect(planned.output.contains("1 episode would be over the limit"))
    let shown = try home.succeed("capacity", "show", "--format", "json").object()
    #expect((shown["limits"] as? [String: Any])?["episodesMax"] == nil, "a dry run sets nothing")
    let set = try home.succeed("capacity", "set", "--episodes", "2", "--format", "json").object()
    #expect(set["over"] as? Int == 1 && set["episodes"] as? Int == 3)
    let run = try home.run("episode", "start", "One more", "--id", "d")
    #expect(run.status == 0 && run.output == "d\n")
    #expect(run.errors.contains("episodes were evicted to keep the limit"), "\(run.errors)")
  }
}
