import Engram
import Foundation
import Testing

@testable import EngramCommand

@Suite("Shards in the configuration file")
struct ShardSettingsTests {
  private func settings(_ file: String, and more: [String: String] = [:]) throws -> Settings {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("engram"), withIntermediateDirectories: true)
    _ = try folder.write(file, to: "engram/config.toml")
    let known = ["XDG_CONFIG_HOME": folder.path(""), "HOME": "/h", "ENGRAM_HOME": "/m"]
    return try Settings(environment: known.merging(more) { $1 })
  }

  private static let two = """
    [shards.url]
    east = "libsql://east.example"
    near = "local"

    """

  @Test("Each namespace has the memory of its shard, in a home of its own")
  func places() throws {
    let found = try settings(
      Self.two + "[shards.namespace]\nteam-a = \"east\"\n\"team.b\" = \"near\"\n")
    let east = try found.configuration(of: "team-a")
    #expect(east.home.path == "/m/shards/east" && east.openStore != nil)
    #expect(east.shard?.shard == "east")
    let near = try found.configuration(of: "team.b")
    #expect(near.home.path == "/m/shards/near" && near.openStore == nil)
    #expect(try settings("").shards == nil)
    #expect(try settings("").configuration(of: "team-a").home.path == "/m")
    let spread = try settings("[shards]\nspread = \"near\"\n" + Self.two)
    #expect(try spread.configuration(of: "anything").shard?.shard == "near")
  }

  @Test("A database that is named beside them is refused, not forgotten")
  func oneDatabase() throws {
    let both = try settings(Self.two, and: ["ENGRAM_DATABASE_URL": "libsql://other.example"])
    let shards = try #require(both.shards)
    for work in [
      { _ = try both.configuration(of: "team-a") }, { _ = try shards.memory(both) },
    ] {
      let error = #expect(throws: CommandFailure.self) { try work() }
      #expect(error.map { "\($0)".contains("ENGRAM_DATABASE_URL") } == true)
    }
  }

  @Test(
    "What is wrong with them is named",
    arguments: [
      ("[shards]\nspread = \"a\"\n", "shards.url is missing"),
      ("[shards.url]\neast = \"http://east.example\"\n", "shards.url.east"),
      ("[shards.url]\nEast = \"local\"\n", "'East' is no name"),
      (two + "[shards.namespace]\nteam = \"west\"\n", "there is no shard 'west'"),
      (two + "[shards.tokenFile]\nwest = \"~/t\"\n", "there is no shard 'west'"),
      ("[shards]\nspread = \"west\"\n" + two, "there is no shard 'west'"),
      (two + "[shards.urls]\nwest = \"local\"\n", "is no setting"),
    ])
  func wrong(file: String, part: String) {
    let error = #expect(throws: CommandFailure.self) { try settings(file) }
    #expect(error.map { "\($0)".contains(part) } == true, "\(error.map { "\($0)" } ?? "nothing")")
  }
}
