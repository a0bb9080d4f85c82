import Engram
import Episodes
import Testing

@Suite("The map from namespaces to shards")
struct ShardMapTests {
  @Test("A namespace that is named is where it is named, and others are always in the same shard")
  func places() throws {
    let map = try ShardMap(named: ["archive": "cold"], spread: ["west", "east", "north"])
    #expect(map.shards == ["cold", "east", "north", "west"])
    #expect(map.shard(of: "archive") == "cold")
    // As every release before has placed them: another hash would lose what is stored.
    let names = ["default", "team-a", "team-b", "käse", "n4", "n5"]
    let again = try ShardMap(spread: ["north", "east", "west"])
    #expect(names.map(map.shard) == names.map(again.shard))
    #expect(names.map(map.shard) == ShardMapTests.placed)
  }

  private static let placed = ["north", "east", "north", "east", "east", "east"]

  @Test("Namespaces are spread evenly, and another shard takes only its part from the others")
  func spread() throws {
    let namespaces = (0..<4000).map { "team-\($0)" }
    let three = try ShardMap(spread: ["east", "north", "west"])
    let four = try ShardMap(spread: ["east", "north", "south", "west"])
    for shard in three.shards {
      let share = Double(namespaces.count { three.shard(of: $0) == shard }) / 4000
      #expect(abs(share - 1.0 / 3) < 0.03, "\(shard): \(share)")
    }
    let moved = namespaces.filter { three.shard(of: $0) != four.shard(of: $0) }
    #expect(moved.allSatisfy { four.shard(of: $0) == "south" })
    #expect(abs(Double(moved.count) / 4000 - 0.25) < 0.03)
  }

  @Test("Names that are no folders, and a map without shards, are refused")
  func names() throws {
    #expect(throws: ValidationError.self) { try ShardMap(spread: []) }
    for name in ["", "..", "a/b", "East", "ä", String(repeating: "a", count: 65)] {
      #expect(throws: ValidationError.self, "\(name)") { try ShardMap(spread: [name]) }
      #expect(throws: ValidationError.self, "\(name)") {
        try ShardMap(named: ["n": name], spread: ["a"])
      }
    }
    #expect(throws: ValidationError.self) { try ShardMap(named: ["a b": "a"], spread: ["a"]) }
  }
}
