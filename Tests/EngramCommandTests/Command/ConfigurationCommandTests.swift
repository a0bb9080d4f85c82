import Embedders
import Foundation
import Testing

@Suite("Configuration and the doctor on the command line")
struct ConfigurationCommandTests {
  /// With folders of the user's own, and the model that other tests use.
  private func environment(_ home: CommandHome) throws -> [String: String] {
    [
      "ENGRAM_MODEL_DIR": try MiniLMModel.locate().directory,
      "XDG_CONFIG_HOME": home.folder.path("config"), "HOME": home.folder.path(""),
      "CODEX_HOME": "",
    ]
  }

  private func finding(_ check: String, in run: EngramProcess.Run) throws -> [String: Any] {
    let findings = try run.object()["findings"] as? [[String: Any]]
    return try #require(
      findings?.first { $0["check"] as? String == check && $0["status"] as? String != "ok" }
        ?? findings?.first { $0["check"] as? String == check })
  }

  @Test("init writes the file, show says where each value is from, commands follow it")
  func initAndShow() throws {
    let home = try CommandHome()
    let environment = try environment(home)
    let file = home.folder.path("config/engram/config.toml")
    let written = try EngramProcess.run(["config", "init"], environment: environment)
    #expect(written.status == 0 && written.output == "wrote \(file)\n", "\(written.errors)")
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    expectFailure(
      try EngramProcess.run(["config", "init"], environment: environment), status: 73,
      naming: file, "--overwrite")
    _ = try home.folder.write(
      "home = \"\(home.path)\"\nnamespace = \"shop\"\n", to: "config/engram/config.toml")
    let shown = try EngramProcess.run(
      ["config", "show", "--format", "json"],
      environment: environment.merging(["ENGRAM_CACHE_TTL": "60"]) { $1 }
    ).object()
    let lines = try #require(shown["settings"] as? [[String: Any]])
    let sources = Dictionary(
      uniqueKeysWithValues: lines.map { ($0["name"] as? String, $0["source"] as? String) })
    #expect(sources["home"] == "file" && sources["namespace"] == "file")
    #expect(sources["cache.ttl"] == "environment" && sources["cache.bytes"] == "default")
    let started = try EngramProcess.run(
      ["episode", "start", "Sell a shoe", "--id", "a"], environment: environment)
    #expect(started.status == 0, "\(started.errors)")
    let episode = try home.succeed("episode", "show", "a", "--format", "json").object()
    #expect(episode["namespace"] as? String == "shop")
  }

  @Test("A file that is wrong stops commands, and not those that say what is wrong")
  func wrongFile() throws {
    let home = try CommandHome()
    try home.succeed("init")
    let environment = try environment(home)
    try FileManager.default.createDirectory(
      atPath: home.folder.path("config/engram"), withIntermediateDirectories: true)
    _ = try home.folder.write("nmespace = \"x\"", to: "config/engram/config.toml")
    expectFailure(
      try home.run("stats", environment: environment), status: 65, naming: "config.toml",
      "did you mean 'namespace'")
    let doctor = try home.run("doctor", "--format", "json", environment: environment)
    #expect(doctor.status == 1)
    #expect(try finding("configuration", in: doctor)["status"] as? String == "problem")
    #expect(try EngramProcess.run(["config", "--help"], environment: environment).status == 0)
  }

  @Test("The doctor finds nothing wrong with what is right")
  func sound() throws {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    let run = try home.run("doctor", environment: try environment(home))
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("all is well"), "\(run.output)")
    #expect(run.errors.isEmpty)
  }

  @Test("The doctor says what is wrong, and how to mend it")
  func unsound() throws {
    let home = try CommandHome()
    let none = try home.run("doctor", "--format", "json", environment: try environment(home))
    #expect(none.status == 0, "a memory that is not there is no problem")
    #expect(try finding("home", in: none)["status"] as? String == "warning")
    #expect(!FileManager.default.fileExists(atPath: home.path))

    try home.succeed("init")
    chmod(home.path, 0o755)
    _ = try FileManager.default.createDirectory(
      atPath: home.folder.path(".cursor"), withIntermediateDirectories: false)
    _ = try home.folder.write(
      #"{"mcpServers": {"engram": {"command": "/nope/engram", "args": ["mcp"]}}}"#,
      to: ".cursor/mcp.json")
    var variables = try environment(home)
    variables["ENGRAM_MODEL_DIR"] = home.folder.path("model")
    variables["ENGRAM_HOEM"] = "x"
    let run = try home.run("doctor", "--format", "json", environment: variables)
    #expect(run.status == 1)
    for (check, status, part) in [
      ("home", "warning", "go-rwx"), ("environment", "warning", "ENGRAM_HOME"),
      ("model", "problem", "make model"), ("agents", "problem", "mcp install --host cursor"),
    ] {
      let found = try finding(check, in: run)
      #expect(found["status"] as? String == status, "\(found)")
      #expect((found["mend"] as? String)?.contains(part) == true, "\(found)")
    }
    let text = try home.run("doctor", environment: variables).output
    #expect(text.contains("PROBLEM  model") && text.contains("2 problems, 3 warnings"), "\(text)")
  }

  @Test("A store that is damaged is a problem to the doctor")
  func damaged() throws {
    let home = try CommandHome()
    try home.succeed("episode", "start", "Task")
    try FileManager.default.removeItem(atPath: home.path + "/engram.db")
    let run = try home.run("doctor", "--format", "json", environment: try environment(home))
    #expect(run.status == 1)
    #expect(try finding("store", in: run)["status"] as? String == "problem")
  }
}
