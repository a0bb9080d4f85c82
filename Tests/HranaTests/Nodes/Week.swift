import DurableStore
import Engram
import Episodes
import Sync
import Synchronization
import TestSupport

/// A week of agents' work on three nodes of one primary, from a seed. Its time is its own: nobody sleeps.
///
/// Nodes die and come back, ways are cut in the middle of a sync or a write, the primary is restarted, the log of
/// changes is trimmed under nodes that are away, limits take episodes away, and the index is built anew.
final class Week {
  static let hours = 7 * 24

  let primary: Primary
  var nodes: [Node] = []
  var random: SeededGenerator
  var known: [String: KnownEpisode] = [:]
  /// In the order of their start, without those that are known to be gone.
  var ids: [String] = []
  var problems: [String] = []
  /// How often what has happened.
  var counts: [String: Int] = [:]
  let clock: Clock
  var isPrimaryUp = true
  /// The hour at which a node comes back, or its way does.
  var back: [Int: Int] = [:]

  final class Clock: Sendable {
    private let nanoseconds = Mutex(
      Timestamp("2026-03-02T00:00:00Z")!.nanosecondsSince1970)
    var now: Timestamp {
      Timestamp(nanosecondsSince1970: nanoseconds.withLock { $0 })
    }
    func advance(seconds: Int) {
      nanoseconds.withLock { $0 += Int64(seconds) * 1_000_000_000 }
    }
  }

  init(seed: UInt64) async throws {
    random = SeededGenerator(seed: seed)
    primary = try await Primary.start()
    let clock = Clock()
    self.clock = clock
    nodes = ["first", "second", "third"].map { Node($0, of: primary) { clock.now } }
  }

  /// - Parameter operationsAnHour: writes and reads.
  func run(operationsAnHour: Int) async throws {
    for node in nodes { try await node.up() }
    for hour in 0..<Self.hours {
      try await happen(hour)
      for _ in 0..<operationsAnHour {
        clock.advance(seconds: 3600 / operationsAnHour)
        await act()
      }
    }
    if !isPrimaryUp { try await restartPrimary() }
    for node in nodes {
      node.link.mend()
      try await node.up()
    }
  }

  func close() async {
    for node in nodes { await node.close() }
    await primary.stop()
  }

  func count(_ name: String, _ count: Int = 1) { counts[name, default: 0] += count }

  // MARK: - What befalls nodes and primary

  private func happen(_ hour: Int) async throws {
    for (index, end) in back where end <= hour {
      back[index] = nil
      try await returns(index)
    }
    let (day, time) = (hour / 24, hour % 24)
    switch time {
    case 3:
      let index = day % nodes.count
      guard back[index] == nil else { break }
      // Some in the middle of what they do.
      if random.chance(0.5) {
        nodes[index].link.break(after: random.below(6), &random)
        await act(on: index)
        await sync(index)
      }
      await nodes[index].die()
      back[index] = hour + 8 + random.below(30)
      count("deaths")
    case 9:
      // As a node away too long finds it.
      let kept = Int64(random.below(30))
      if isPrimaryUp {
        let trimmed = try await primary.withStore { store in
          try await store.trimChanges(through: max(0, store.lastChangeSequence() - kept))
        }
        count("trimmed", trimmed)
      }
    case 11: await buildIndex()
    case 13:
      let index = (day + 1) % nodes.count
      guard back[index] == nil else { break }
      nodes[index].link.break(after: random.below(12), &random)
      await sync(index)
      back[index] = hour + 1 + random.below(6)
      count("cuts")
    case 17:
      await primary.stop()
      isPrimaryUp = false
      count("restarts")
    case 18 where !isPrimaryUp: try await restartPrimary()
    case 20: await evict()
    case 5, 22: await learn()
    default: break
    }
  }

  private func restartPrimary() async throws {
    try await primary.resume()
    isPrimaryUp = true
    // A node that was opened meanwhile looks for it four times a second of its own, in which it would refuse writes.
    for index in nodes.indices where isWell(index) { await sync(index) }
  }

  private func returns(_ index: Int) async throws {
    let node = nodes[index]
    node.link.mend()
    guard node.memory == nil else { return await sync(index) }
    // Without its primary it comes up as well: it has a cache.
    let memory = try await node.up()
    if memory.openingSync.startedOver { count("refills") }
    count("returns")
  }

  /// The node at a place, if it is up and the primary can be reached from it.
  func isWell(_ index: Int) -> Bool {
    isPrimaryUp && nodes[index].link.isWhole && nodes[index].memory != nil
  }

  func well() -> Int? {
    let places = nodes.indices.filter(isWell)
    return places.isEmpty ? nil : random.pick(places)
  }

  private func sync(_ index: Int) async {
    guard let memory = nodes[index].memory else { return }
    do {
      let report = try await memory.sync()
      if report.startedOver { count("refills") }
      count("syncs")
    } catch {
      count("failed syncs")
      if isWell(index) { problems.append("a sync failed: \(error)") }
    }
  }

  private func buildIndex() async {
    guard let index = well(), let memory = nodes[index].memory else { return }
    do {
      _ = try await memory.buildIndex()
      count("builds")
    } catch {
      problems.append("a build failed: \(error)")
    }
  }

  private func learn() async {
    guard let index = well(), let memory = nodes[index].memory else { return }
    do {
      _ = try await memory.learnPending()
      count("learned")
    } catch {
      problems.append("learning failed: \(error)")
    }
  }

  /// A limit for a moment, so that nobody else's writes evict.
  private func evict() async {
    guard let index = well(), let memory = nodes[index].memory else { return }
    do {
      let before = try await memory.capacity().episodes
      try await memory.setCapacity(
        CapacityLimits(
          episodesMax: max(1, before - 5), policy: random.pick(EvictionPolicy.allCases)))
      let report = try await memory.enforceCapacity()
      try await memory.setCapacity(CapacityLimits())
      for id in report.ids { isGone(id) }
      count("evicted", report.evicted)
    } catch {
      problems.append("an eviction failed: \(error)")
    }
  }

  func isGone(_ id: String) {
    known[id]?.fate = .gone
    ids.removeAll { $0 == id }
  }
}
