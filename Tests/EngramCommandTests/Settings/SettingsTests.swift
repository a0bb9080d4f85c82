import ArgumentParser
import Engram
import Foundation
import Sync
import Testing

@testable import EngramCommand

@Suite("Settings")
struct SettingsTests {
  private func settings(
    options: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
    mode: Int = 0o600
  ) throws -> Settings {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("engram"), withIntermediateDirectories: true)
    if let file {
      let path = try folder.write(file, to: "engram/config.toml")
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    return try Settings(
      options: options,
      environment: environment.merging(["XDG_CONFIG_HOME": folder.path(""), "HOME": "/h"]) { $1 })
  }

  @Test("An option counts before a variable, that before the file, that before the default")
  func precedence() throws {
    let file = "namespace = \"f\"\nhome = \"~/f\"\n[cache]\nepisodes = 7\nttl = 1.5\n"
    let environment = ["ENGRAM_NAMESPACE": "e", "ENGRAM_HOME": "/e", "ENGRAM_CACHE_BYTES": ""]
    let found = try settings(
      options: ["home": "/o"], environment: environment, file: file)
    #expect(found.found(.home)?.source == .option && found.home.path == "/o")
    #expect(found.found(.namespace)?.source == .environment && found.namespace == "e")
    #expect(found.found(.cacheEpisodes)?.source == .file)
    #expect(found.found(.cacheBytes) == nil, "an empty variable is not set")
    let configuration = found.configuration()
    #expect(configuration.cachedEpisodesMax == 7)
    #expect(configuration.cache.timeToLiveSeconds == 1.5)
    #expect(try settings(file: file).home.path == "/h/f", "~ is the user's folder")
    #expect(try settings().namespace == "default")
  }

  @Test("Where the database is, and its token, follow the same order; a token on no command line")
  func database() throws {
    let file = "[database]\nurl = \"libsql://f\"\n[auth]\ntoken = \"secret-f\"\n"
    let environment = ["ENGRAM_DATABASE_URL": "libsql://e", "ENGRAM_AUTH_TOKEN": "secret-e"]
    let options = try HomeOptions.parse([
      "--database-url", "libsql://o", "--auth-token-file", "~/o", "--sync-staleness", "2.5",
    ]).values
    let all = try settings(options: options, environment: environment, file: file)
    #expect(all[.databaseURL] == "libsql://o")
    #expect(all.authToken.token == nil && all.authToken.file == "/h/o")
    #expect(all.configuration().sync.stalenessSeconds == 2.5)
    let some = try settings(environment: environment, file: file)
    #expect(some[.databaseURL] == "libsql://e")
    #expect(some.authToken.token == "secret-e" && some.authToken.file == nil)
    let fileOfToken = ["ENGRAM_AUTH_TOKEN_FILE": "/e"]
    #expect(try settings(environment: fileOfToken, file: file).authToken.file == "/e")
    #expect(try settings(file: file).authToken.token == "secret-f")
    #expect(try settings().configuration().sync.stalenessSeconds == 1)
    let report = SettingsReport(all)
    let url = try #require(report.settings.first { $0.name == "database.url" })
    #expect(url.value == "libsql://o" && url.source == .option)
    #expect(!report.text.contains("secret"))
    #expect(throws: (any Error).self) { try HomeOptions.parse(["--auth-token", "secret"]) }
  }

  @Test(
    "A value of an option that cannot be is named by it, and not shown where it may be secret",
    arguments: [
      ("database.url", "libsql://user:secret@h", "--database-url is '…'"),
      ("sync.staleness", "-1", "--sync-staleness is '-1'"),
    ])
  func wrongOption(name: String, value: String, part: String) {
    let error = #expect(throws: CommandFailure.self) { try settings(options: [name: value]) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error?.status == .usage)
  }

  @Test("A file with a token is its owner's alone; another may be read by everybody")
  func secretFile() throws {
    let secret = "[auth]\ntoken = \"secret\"\n"
    for mode in [0o644, 0o640, 0o602] {
      let error = #expect(throws: CommandFailure.self) { try settings(file: secret, mode: mode) }
      #expect(error?.message.contains("holds auth.token") == true)
      #expect(error?.message.contains("secret") == false)
    }
    #expect(try settings(file: secret, mode: 0o400).authToken.token == "secret")
    #expect(try settings(file: "namespace = \"x\"\n", mode: 0o644).namespace == "x")
  }

  @Test("Every command that takes a home takes a database elsewhere")
  func everyCommand() {
    var count = 0
    func look(at command: any ParsableCommand.Type) {
      let help = command.helpMessage(includeHidden: false, columns: 400)
      if help.contains("--home <") {
        count += 1
        for option in ["--database-url <", "--auth-token-file <", "--sync-staleness <"] {
          #expect(help.contains(option), "\(command._commandName) \(option)")
        }
        #expect(!help.contains("--auth-token <"))
      }
      for sub in command.configuration.subcommands { look(at: sub) }
    }
    look(at: EngramCommand.self)
    #expect(count > 60)
  }

  @Test("Weights and the bound of weak hits come to the memory's configuration")
  func retrieval() throws {
    let configuration = try settings(
      environment: ["ENGRAM_RETRIEVAL_WEAK_SIMILARITY": "0.4"],
      file: "[retrieval]\ntext = 0\nrecency = 2.5\n"
    ).configuration()
    #expect(configuration.weakSimilarity == 0.4)
    #expect(configuration.retrieval.text == 0 && configuration.retrieval.recency == 2.5)
    for weight in SearchWeight.allCases {
      let changed = try SearchWeight.weights(["\(weight.rawValue)=3"], over: .init())
      #expect(changed[keyPath: weight.path] == 3)
    }
  }

  @Test(
    "What is wrong in the file is named",
    arguments: [
      ("namespace = ", "line 1"), ("namspace = \"x\"", "did you mean 'namespace'"),
      ("[cache]\nepisodes = 0", "cache.episodes is '0'"), ("[cache]\nttl = []", "no text"),
      ("[cache]\ncompression = 20", "off, on, or a level"),
    ])
  func wrong(file: String, part: String) {
    let error = #expect(throws: CommandFailure.self) { try settings(file: file) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("engram/config.toml") == true)
    #expect(error?.status == .badData)
  }

  @Test("The file that is written names every setting, and sets none until a comment is taken away")
  func template() throws {
    let text = SettingsTemplate.text
    #expect(try SettingsFile.values(in: text, path: "x").isEmpty)
    let active = text.split(separator: "\n").map { line in
      line.contains(" = ") && !line.contains(";") ? line.dropFirst(2) : line
    }.joined(separator: "\n")
    let values = try SettingsFile.values(in: active, path: "x")
    #expect(Set(values.keys) == Set(SettingKey.all.map(\.name)))
    for key in SettingKey.all { #expect(values[key.name].map(key.isValid) == true, "\(key.name)") }
  }

  @Test("Variables are named after settings, and each once")
  func variables() {
    #expect(SettingKey.weakSimilarity.variable == "ENGRAM_RETRIEVAL_WEAK_SIMILARITY")
    #expect(SettingKey.modelFolder.variable == "ENGRAM_MODEL_DIR")
    #expect(Set(SettingKey.all.map(\.variable)).count == SettingKey.all.count)
  }

  @Test("Misspelt names are understood, others are not")
  func nearest() {
    let names = ["search", "jsonl", "episode", "git"]
    #expect(NearestName.of("serch", among: names) == "search")
    #expect(NearestName.of("saerch", among: names) == "search")
    #expect(NearestName.of("json", among: names) == "jsonl")
    #expect(NearestName.of("episodes", among: names) == "episode")
    #expect(NearestName.of("zeppelin", among: names) == nil)
  }
}
