import Embedders
import Foundation
import Testing

@Suite("Shards on the command line")
struct ShardCommandTests {
  /// A file with a shard of this machine, one that nobody serves, and its token.
  private func environment(_ home: CommandHome) throws -> [String: String] {
    try FileManager.default.createDirectory(
      atPath: home.folder.path("config/engram"), withIntermediateDirectories: true)
    let token = try home.folder.write("never-to-be-shown", to: "token")
    chmod(token, 0o600)
    _ = try home.folder.write(
      """
      [shards]
      spread = "near"

      [shards.url]
      near = "local"
      away = "http://127.0.0.1:1"

      [shards.tokenFile]
      away = "\(token)"

      [shards.namespace]
      team = "away"
      """, to: "config/engram/config.toml")
    return [
      "ENGRAM_MODEL_DIR": try MiniLMModel.locate().directory,
      "XDG_CONFIG_HOME": home.folder.path("config"), "HOME": home.folder.path(""),
      "CODEX_HOME": "",
    ]
  }

  @Test("The doctor asks each shard, and shows no token", .timeLimit(.minutes(10)))
  func doctor() throws {
    let home = try CommandHome()
    let environment = try environment(home)
    let started = try home.run("episode", "start", "Call the bank", environment: environment)
    #expect(started.status == 0, "\(started.errors)")
    let run = try home.run("doctor", "--format", "json", environment: environment)
    #expect(run.status == 1)
    let findings = try #require(try run.object()["findings"] as? [[String: Any]])
    func status(_ check: String) -> [String] {
      findings.filter { $0["check"] as? String == check }.compactMap { $0["status"] as? String }
    }
    #expect(status("shard near") == ["ok"], "\(run.output)")
    #expect(status("shard away") == ["problem"], "\(run.output)")
    // The one that commands work in is looked at as a whole.
    #expect(status("store") == ["ok"] && status("cache") == ["ok"], "\(run.output)")
    #expect(run.output.contains("schema ") && run.output.contains("127.0.0.1:1"))
    #expect(!(run.output + run.errors).contains("never-to-be-shown"))
  }

  @Test("The list names a shard that is away, and has the others", .timeLimit(.minutes(10)))
  func list() throws {
    let home = try CommandHome()
    let environment = try environment(home)
    let started = try home.run("episode", "start", "Call the bank", environment: environment)
    #expect(started.status == 0, "\(started.errors)")
    let run = try home.run("shard", "list", environment: environment)
    #expect(run.status == 1)
    let lines = run.output.split(separator: "\n")
    #expect(lines.contains { $0.contains("near") && $0.contains("default") }, "\(run.output)")
    #expect(lines.contains { $0.contains("away") && $0.contains("?") }, "\(run.output)")
  }

  @Test("config show has the shards, and where their tokens are")
  func configuration() throws {
    let home = try CommandHome()
    let environment = try environment(home)
    let shown = try home.run("config", "show", "--format", "json", environment: environment)
    #expect(shown.status == 0, "\(shown.errors)")
    let shards = try #require(try shown.object()["shards"] as? [[String: Any]])
    #expect(shards.map { $0["shard"] as? String } == ["away", "near"])
    #expect(shards[0]["namespaces"] as? [String] == ["team"])
    #expect(shards[0]["tokenFile"] as? String == home.folder.path("token"))
    #expect(shards[1]["isSpread"] as? Bool == true && shards[1]["place"] as? String == "local")
    let text = try home.run("config", "show", environment: environment).output
    #expect(text.contains("those not named") && text.contains("127.0.0.1:1"), "\(text)")
    #expect(!(shown.output + text).contains("never-to-be-shown"))
  }

  @Test("A server says which shard it serves")
  func served() throws {
    let home = try CommandHome()
    let environment = try environment(home)
    // Its input is at its end.
    let run = try home.run("mcp", environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("serving shard 'near' (local) alone"), "\(run.errors)")
    #expect(run.errors.contains("namespace 'default'"))
  }

  @Test("A folder for backups that lies in a home is refused at the start")
  func backupFolder() throws {
    let home = try CommandHome()
    try home.succeed("init")
    let run = try home.run("serve", "--port", "0", "--backup-folder", home.path)
    expectFailure(run, status: 64, naming: "--backup-folder", "home folder")
  }
}
