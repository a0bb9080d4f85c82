import DurableStore
import Episodes

/// What a store or a cache holds, row by row.
struct NodeContents: Equatable {
  var episodes: [String: Episode] = [:]
  var patterns: [String: Pattern] = [:]
  var heuristics: [String: Heuristic] = [:]
  var embeddings: [Int64: Embedding] = [:]
  var segments: [Int64: [UInt8]] = [:]

  init() {}

  /// Those of a store.
  init(of store: DurableStore) async throws {
    var cursor: EpisodeCursor?
    repeat {
      let page = try await store.episodes(matching: EpisodeFilter(), limit: 500, after: cursor)
      for episode in page.episodes { episodes[episode.id] = episode }
      cursor = page.next
    } while cursor != nil
    for pattern in try await store.patterns(after: "", limit: .max) {
      patterns[pattern.id] = pattern
    }
    for heuristic in try await store.heuristics(after: "", limit: .max) {
      heuristics[heuristic.id] = heuristic
    }
    for stored in try await store.embeddings(after: 0, limit: .max) {
      embeddings[stored.id] = stored.embedding
    }
    for segment in try await store.segments() {
      var bytes: [UInt8] = []
      for index in 0..<segment.chunkCount {
        bytes += try await store.segmentChunk(id: segment.id, index: index)
      }
      segments[segment.id] = bytes
    }
  }

  /// A line for each row that others hold otherwise; empty where all is the same.
  func differences(from other: NodeContents) -> [String] {
    func compare<Key: Comparable, Row: Equatable>(
      _ name: String, _ mine: [Key: Row], _ others: [Key: Row]
    ) -> [String] {
      Set(mine.keys).union(others.keys).sorted().compactMap { key in
        switch (mine[key], others[key]) {
        case (nil, _): "\(name) \(key) is missing"
        case (_, nil): "\(name) \(key) is too many"
        case (let row?, let other?): row == other ? nil : "\(name) \(key) is \(row), not \(other)"
        }
      }
    }
    return compare("episode", episodes, other.episodes)
      + compare("pattern", patterns, other.patterns)
      + compare("heuristic", heuristics, other.heuristics)
      + compare("embedding", embeddings, other.embeddings)
      + compare("segment", segments.mapValues(\.hashValue), other.segments.mapValues(\.hashValue))
      + (segments == other.segments ? [] : ["segments differ"])
  }
}
