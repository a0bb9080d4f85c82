import DurableStore
import Episodes
import RemoteStore
import Testing

@testable import Engram

@Suite("A shard on a server")
struct ShardNodeTests {
  @Test("A search goes to a file and a server at once, and a namespace moves from one to the other")
  func twoKinds() async throws {
    let primary = try await Primary.start()
    let node = Node("west", of: primary) { Timestamp.now }
    var near = node.settings
    near.home = Home(path: primary.folder + "/east")
    near.openStore = nil
    func open(_ named: [String: String]) throws -> ShardedMemory {
      try ShardedMemory(
        ShardMap(named: named, spread: ["east", "west"]),
        ["east": near, "west": node.settings], shardSecondsMax: 60)
    }
    var sharded = try open(["a": "east", "b": "west"])
    _ = try await sharded.memory(of: "a").startEpisode(
      NewTask("fix the printer", namespace: "a", id: "a1"))
    _ = try await sharded.memory(of: "b").startEpisode(
      NewTask("fix the printer driver", namespace: "b", id: "b1"))
    let question = SearchRequest("fix the printer")
    #expect(try await sharded.search(question).hits.map(\.episode.id) == ["a1", "b1"])
    #expect(try await primary.withStore { try await $0.episode(id: "b1") } != nil)

    // Cut off, what the node has of it is searched, and it is said.
    node.link.cut()
    let alone = try await sharded.search(question)
    #expect(Set(alone.hits.map(\.episode.id)) == ["a1", "b1"])
    #expect(alone.missingShards.map(\.shard) == ["west"])
    #expect(alone.missingShards.allSatisfy(\.isCacheSearched) && alone.isStoreAway)
    node.link.mend()
    await sharded.close()

    sharded = try open(["a": "west", "b": "west"])
    #expect(try await sharded.moveNamespace("a", from: "east").episodes == 1)
    #expect(try await primary.withStore { try await $0.episode(id: "a1") } != nil)
    #expect(try await sharded.memory(ofShard: "east").namespaces().isEmpty)
    let whole = try await sharded.search(question)
    #expect(whole.hits.map(\.episode.id) == ["a1", "b1"] && whole.missingShards.isEmpty)
    await sharded.close()
    await primary.stop()
  }
}
