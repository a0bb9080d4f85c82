internal import Embedders
internal import Episodes
internal import Platform
internal import Synchronization

/// Memories in several databases, each with the namespaces that a ``ShardMap`` gives it.
///
/// What is done in one namespace is done in the memory of its shard, ``memory(of:)``; a search over several goes to all
/// of their shards at once, ``search(_:in:)``.
///
/// ```swift
/// let sharded = try ShardedMemory(
///   ShardMap(spread: ["east", "west"]), ["east": east, "west": west])
/// _ = try await sharded.memory(of: "team-a").startEpisode(NewTask("Deploy", namespace: "team-a"))
/// let results = try await sharded.search(SearchRequest("why did the deploy fail"))
/// ```
///
/// A shard is opened when it is first needed; one that cannot be opened is tried again by the next use.
/// Thread-safe.
public final class ShardedMemory: Sendable {
  public let map: ShardMap
  /// Seconds after which a search over several shards goes on without one.
  public let shardSecondsMax: Double
  private let configurations: [String: MemoryConfiguration]
  /// One model for all of them.
  private let embedder: SharedEmbedder
  private let state = Mutex(State())

  private struct State {
    var openings: [String: Task<Result<Memory, EngramError>, Never>] = [:]
    var isClosed = false
  }

  /// - Parameters:
  ///   - configurations: by shard; each has a home of its own. All have the embedder of the first by name.
  ///   - shardSecondsMax: above 0.
  /// - Throws: ``EngramError`` with code `invalidInput` where a shard of the map has none, or two share a home.
  public init(
    _ map: ShardMap, _ configurations: [String: MemoryConfiguration], shardSecondsMax: Double = 10
  ) throws(EngramError) {
    self.map = map
    self.shardSecondsMax = shardSecondsMax
    do {
      guard shardSecondsMax.isFinite, shardSecondsMax > 0 else {
        throw ValidationError(
          field: "shardSecondsMax", problem: "is \(shardSecondsMax)", expected: "seconds above 0")
      }
      for shard in map.shards where configurations[shard] == nil {
        throw ValidationError(
          field: "shards", problem: "namespaces are given to '\(shard)', which is no shard",
          expected: "one of \(configurations.keys.sorted().joined(separator: ", "))")
      }
      var homes: [String: String] = [:]
      for (shard, configuration) in configurations.sorted(by: { $0.key < $1.key }) {
        try ShardMap.check(shard)
        if let other = homes.updateValue(shard, forKey: configuration.home.path) {
          throw ValidationError(
            field: "shards", problem: "'\(other)' and '\(shard)' have one home",
            expected: "a home for each")
        }
      }
    } catch {
      throw EngramError(error)
    }
    let first = configurations.min { $0.key < $1.key }?.value ?? MemoryConfiguration()
    let embedder = SharedEmbedder(first.embedder)
    self.embedder = embedder
    var own = configurations
    for shard in configurations.keys {
      own[shard]?.embedder = { try embedder.current() }
      own[shard]?.shard = ShardPlace(shard, in: map)
    }
    self.configurations = own
  }

  /// The names of all shards, also of those that the map gives nothing, in their order.
  public var shards: [String] { configurations.keys.sorted() }

  /// The memory that keeps a namespace: every write of the namespace goes there.
  ///
  /// - Throws: ``EngramError``, as ``Memory/open(_:)``.
  public func memory(of namespace: String) async throws(EngramError) -> Memory {
    try await memory(ofShard: map.shard(of: namespace))
  }

  /// The memory of a shard.
  ///
  /// - Throws: ``EngramError``: `invalidInput` for a name that no shard has; as ``Memory/open(_:)``.
  public func memory(ofShard shard: String) async throws(EngramError) -> Memory {
    guard let configuration = configurations[shard] else {
      throw EngramError(
        ValidationError(
          field: "shard", problem: "'\(shard.prefix(70))' is no shard",
          expected: "one of \(shards.joined(separator: ", "))"))
    }
    let opening = try state.withLock { state throws(EngramError) in
      guard !state.isClosed else {
        throw EngramError(code: .storeFailed, message: "the sharded memory was closed")
      }
      if let opening = state.openings[shard] { return opening }
      let opening = Task { () -> Result<Memory, EngramError> in
        do throws(EngramError) {
          return .success(try await Memory.open(configuration))
        } catch {
          return .failure(error)
        }
      }
      state.openings[shard] = opening
      return opening
    }
    let result = await opening.value
    if case .failure = result {
      state.withLock { state in
        if state.openings[shard] == opening { state.openings[shard] = nil }
      }
    }
    return try result.get()
  }

  /// The embedder of all shards.
  func currentEmbedder() throws -> any Embedder { try embedder.current() }

  /// Ends the use of all shards. Every call after it throws.
  public func close() async {
    let openings = state.withLock { state in
      state.isClosed = true
      defer { state.openings = [:] }
      return Array(state.openings.values)
    }
    // One that is being opened and does not answer must not hold this up: it is closed when it comes.
    for opening in openings { opening.cancel() }
    let seconds = shardSecondsMax
    await withTaskGroup(of: Void.self) { group in
      for opening in openings {
        group.addTask {
          let closing = Task<Void, Never> {
            if case .success(let memory) = await opening.value { await memory.close() }
          }
          await closing.hasEnded(withinSeconds: seconds)
        }
      }
    }
  }
}

/// An embedder that is made when it is first needed, and once.
private final class SharedEmbedder: Sendable {
  private let make: @Sendable () throws -> any Embedder
  private let made = Mutex<(any Embedder)?>(nil)

  init(_ make: @escaping @Sendable () throws -> any Embedder) { self.make = make }

  func current() throws -> any Embedder {
    try made.withLock { made in
      if let made { return made }
      let new = try make()
      made = new
      return new
    }
  }
}
