internal import Embedders
internal import Episodes
internal import Platform
internal import Sync

extension ShardedMemory {
  /// Finds the episodes of several namespaces, or of all, that answer words best. Their shards are asked at once.
  ///
  /// - Parameter namespaces: nil for all, or for the one of the request's filter.
  /// - Returns: at most `limit` hits, best first, and the newest id first where scores are the same. Similarities count
  ///   in all shards as shares of the best of all; words count by how rare they are within their shard.
  ///   ``SearchResults/missingShards`` names every shard that did not answer with all it keeps: where it is empty
  ///   nothing was left out.
  /// - Throws: ``EngramError``: as ``Memory/search(_:)``, and the error of a shard where none has answered.
  /// - Complexity: one embedding, and in each shard, side by side, a search for the nearest vector and a search.
  public func search(
    _ request: SearchRequest, in namespaces: [String]? = nil
  ) async throws(EngramError) -> SearchResults {
    try await engramErrors {
      let clock = ContinuousClock()
      let start = clock.now
      let end = start + .seconds(shardSecondsMax)
      try Self.check(request, namespaces)
      let vector = request.mode == .text ? [] : try await currentEmbedder().embed(request.text)
      let embedded = clock.now
      let parts = parts(of: request, namespaces)
      guard request.diversity == nil || parts.count == 1 else {
        throw ValidationError(
          field: "diversity", problem: "is asked for over \(parts.count) searches",
          expected: "none over several shards or namespaces: each would choose by itself")
      }
      var state = FanOut(parts: parts)
      var best = 0.0
      if request.mode == .hybrid, parts.count > 1 {
        // What is the nearest in one shard alone must not count as much as the nearest of all.
        // Half of the time, so that those that answer are left as much.
        let half = start + .seconds(shardSecondsMax / 2)
        let nearest = await ask(parts, shard: \.shard, until: half) { memory, part in
          try await memory.nearestEpisodes(to: vector, limit: 1, filter: part.request.filter).first
            .map(\.similarity) ?? 0
        }
        best = try state.take(nearest).reduce(0, max)
      }
      let floor = best
      let answers = await ask(state.left, shard: \.shard, until: end) { memory, part in
        let hits = try await memory.search(
          part.request, vector: vector, bestSimilarityMin: floor)
        return Answer(shard: part.shard, hits: hits, problem: memory.problemOfStore)
      }
      let found = try state.take(answers)
      if let failure = state.failure, found.isEmpty { throw failure }
      var timing = SearchTiming()
      timing.embeddingSeconds = (embedded - start).inSeconds
      timing.retrievalSeconds = (clock.now - embedded).inSeconds
      var results = SearchResults(
        hits: merged(found, limit: request.limit), timing: timing)
      results.missingShards = state.missing
      for answer in found {
        guard let problem = answer.problem else { continue }
        results.missingShards.append(
          MissingShard(shard: answer.shard, problem: problem, isCacheSearched: true))
      }
      results.missingShards = Set(results.missingShards).sorted { $0.shard < $1.shard }
      results.isStoreAway = found.contains { $0.problem != nil }
      return results
    }
  }

  /// What one shard is asked.
  private struct Part: Sendable {
    var shard: String
    var request: SearchRequest
  }

  private struct Answer: Sendable {
    var shard: String
    var hits: [EpisodeHit]
    /// Why only the cache was searched; nil where all was.
    var problem: String?
  }

  /// Each is a search of its own.
  private static let namespaceCountMax = 100

  private static func check(_ request: SearchRequest, _ namespaces: [String]?) throws {
    guard request.text.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError(
        field: "query", problem: "is empty", expected: "what to look for, in words")
    }
    guard let namespaces else { return }
    guard !namespaces.isEmpty, request.filter.namespace == nil else {
      throw ValidationError(
        field: "namespaces", problem: namespaces.isEmpty ? "is empty" : "is set beside a filter's",
        expected: "some namespaces, or nil for all and for that of the filter")
    }
    guard namespaces.count <= namespaceCountMax else {
      throw ValidationError(
        field: "namespaces", problem: "has \(namespaces.count)",
        expected: "\(namespaceCountMax) at most, or nil for all")
    }
    for namespace in namespaces { try Identifier.check(namespace, field: "namespaces") }
  }

  private func parts(of request: SearchRequest, _ namespaces: [String]?) -> [Part] {
    if let named = namespaces ?? request.filter.namespace.map({ [$0] }) {
      return Set(named).sorted().map { namespace in
        var request = request
        request.filter.namespace = namespace
        return Part(shard: map.shard(of: namespace), request: request)
      }
    }
    return shards.map { Part(shard: $0, request: request) }
  }

  /// The parts that still answer, and the shards that do not.
  private struct FanOut {
    var left: [Part]
    var missing: [MissingShard] = []
    var failure: EngramError?

    init(parts: [Part]) { left = parts }

    /// The values of the parts that answered.
    ///
    /// - Throws: the error of a request that no shard can answer.
    mutating func take<Value>(
      _ answers: [(Part, Result<Value, any Error>)]
    ) throws -> [Value] {
      var values: [Value] = []
      left = []
      for (part, result) in answers {
        do {
          values.append(try result.get())
          left.append(part)
        } catch {
          let error = EngramError(error)
          switch error.code {
          case .invalidInput, .modelMissing, .modelDamaged, .cancelled: throw error
          default: break
          }
          failure = failure ?? error
          missing.append(
            MissingShard(shard: part.shard, problem: error.message, isCacheSearched: false))
        }
      }
      return values
    }
  }

  /// The best of all.
  private func merged(_ answers: [Answer], limit: Int) -> [EpisodeHit] {
    var best: [String: (shard: String, hit: EpisodeHit)] = [:]
    for answer in answers {
      for hit in answer.hits {
        // While a namespace is moved an episode is in two shards; what counts is the one that it belongs to.
        if let other = best[hit.episode.id], other.shard == map.shard(of: hit.episode.namespace) {
          continue
        }
        best[hit.episode.id] = (answer.shard, hit)
      }
    }
    let order = best.values.map(\.hit).sorted {
      $0.score != $1.score ? $0.score > $1.score : $0.episode.id > $1.episode.id
    }
    return Array(order.prefix(limit))
  }
}

extension Memory {
  /// Why only the cache can be searched; nil where the store is there.
  fileprivate var problemOfStore: String? {
    isStoreAway ? syncHealth.problem ?? "its store is away" : nil
  }
}
