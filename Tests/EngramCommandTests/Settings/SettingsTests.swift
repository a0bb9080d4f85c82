import Engram
import Foundation
import Testing

@testable import EngramCommand

@Suite("Settings")
struct SettingsTests {
  private func settings(
    options: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
  ) throws -> Settings {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("engram"), withIntermediateDirectories: true)
    if let file { _ = try folder.write(file, to: "engram/config.toml") }
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
