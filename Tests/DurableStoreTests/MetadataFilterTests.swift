import Episodes
import Testing

@testable import DurableStore

@Suite("Filters on metadata and place")
struct MetadataFilterTests {
  private static let keys = [
    "n", "état", "it's", "\"q\"", "$.x", "a.b", "'; DROP TABLE steps; --", "",
  ]
  private static let values = [
    "", "7", "7.0", " 7 ", "-3", "+4", "1e3", "1e400", "-1e400", ".5", "5.", "0x1F", "inf", "nan",
    "1 000", "12abc", "2026-03-02", "é", "e\u{301}", "%", "_", "' OR '1'='1", "zz", "NULL",
    "quote \" and \\ back", "tab\tnew\nline", "9007199254740993", ".", "-", "e5", "1e", "1e+", "٣",
  ]

  private static func metadata(_ random: inout SeededGenerator) -> [String: String] {
    Dictionary(
      random.list(upTo: 4) { ($0.pick(keys), $0.pick(values)) },
      uniquingKeysWith: { first, _ in first })
  }

  private static func predicate(
    _ random: inout SeededGenerator, depth: Int = 0
  ) -> MetadataPredicate {
    let key = random.pick(keys)
    let value = random.pick(values)
    let operand: MetadataPredicate.Operand =
      random.chance(0.5)
      ? .text(value) : .number(random.pick([7, -3, 0, 0.5, 1000, 1e300, -1e300]))
    switch Int.random(in: 0..<(depth > 3 ? 8 : 11), using: &random) {
    case 0: return .exists(key: key)
    case 1: return .equals(key: key, value: value)
    case 2: return .isAnyOf(key: key, values: random.list(upTo: 3) { $0.pick(values) })
    case 3: return .contains(key: key, text: random.pick(["", "7", "e", "'", "%", "\u{301}"]))
    case 4: return .lessThan(key: key, operand)
    case 5: return .atMost(key: key, operand)
    case 6: return .greaterThan(key: key, operand)
    case 7: return .atLeast(key: key, operand)
    case 8: return .all(random.list(upTo: 3) { predicate(&$0, depth: depth + 1) })
    case 9: return .any(random.list(upTo: 3) { predicate(&$0, depth: depth + 1) })
    default: return .not(predicate(&random, depth: depth + 1))
    }
  }

  @Test("Every condition on metadata means in SQL what it means in Swift")
  func againstMatches() async throws {
    let seed: UInt64 = 20_261_122
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let episodes = (0..<200).map { index in
      var episode = Samples.episode("e\(index)", steps: 0)
      episode.metadata = Self.metadata(&random)
      return episode
    }
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      var matched = 0
      for _ in 0..<600 {
        let predicate = Self.predicate(&random)
        let filter = EpisodeFilter(metadata: predicate)
        let found = try await store.episodes(matching: filter, limit: 1000).episodes.map(\.id)
        let expected = episodes.filter(filter.matches).map(\.id)
        #expect(Set(found) == Set(expected), "\(predicate)")
        matched += found.count
      }
      #expect(matched > 1000)
    }
  }

  @Test("Places mean in SQL what they mean in Swift, across the date line and at the poles")
  func places() async throws {
    let seed: UInt64 = 7
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let centers = [(0.0, 0.0), (48.85, 2.35), (0, 179.9), (-17, -179.9), (89.9, 10), (-90, 0)]
    let episodes = (0..<400).map { index in
      var episode = Samples.episode("e\(index)", steps: 0)
      let center = random.pick(centers)
      if random.chance(0.9) {
        let longitude = center.1 + Double.random(in: -2...2, using: &random)
        episode.location = Location(
          latitude: min(90, max(-90, center.0 + Double.random(in: -2...2, using: &random))),
          longitude: longitude > 180
            ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude
        )
      }
      return episode
    }
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      var matched = 0
      for _ in 0..<200 {
        let center = random.pick(centers)
        let place: PlaceFilter =
          random.chance(0.7)
          ? .near(
            center: Location(latitude: center.0, longitude: center.1),
            radiusMeters: random.pick([0, 1000, 50_000, 150_000, 3e6, 1e8]))
          : .box(
            GeographicBox(
              south: max(-90, center.0 - 1), west: center.1 < -179 ? 179 : center.1 - 1,
              north: min(90, center.0 + 1), east: center.1 > 179 ? -179 : center.1 + 0.5))
        let filter = EpisodeFilter(place: place)
        let found = try await store.episodes(matching: filter, limit: 1000).episodes.map(\.id)
        let expected = episodes.filter(filter.matches).map(\.id)
        #expect(Set(found) == Set(expected), "\(place)")
        matched += found.count
      }
      #expect(matched > 1000)
    }
  }

  @Test("Language, framework and validity are filters too")
  func others() async throws {
    var old = Samples.episode("old", steps: 0)
    old.context.language = "swift"
    old.startTime = Timestamp("2025-06-01")!
    old.validUntil = Timestamp("2026-01-01")
    var new = Samples.episode("new", steps: 0)
    new.context.language = "rust"
    new.context.framework = "axum"
    new.validFrom = Timestamp("2026-01-01")
    let both = [old, new]
    try await withStore { store, _ in
      try await store.insert(both.map { NewEpisode($0) })
      for (filter, expected) in [
        (EpisodeFilter(language: "swift"), ["old"]), (EpisodeFilter(framework: "axum"), ["new"]),
        (EpisodeFilter(asOf: Timestamp("2025-12-31")), ["old"]),
        (EpisodeFilter(asOf: old.startTime), ["old"]),
        (EpisodeFilter(asOf: Timestamp("2026-01-01")), ["new"]),
      ] {
        #expect(try await store.episodes(matching: filter, limit: 9).episodes.map(\.id) == expected)
        #expect(both.filter(filter.matches).map(\.id) == expected)
        #expect(try await store.count(matching: filter) == 1)
      }
    }
  }

  @Test("Conditions that cannot be are refused with the field")
  func refused() async throws {
    var deep = MetadataPredicate.exists(key: "k")
    for _ in 0..<25 { deep = .not(deep) }
    let many = MetadataPredicate.any((0..<101).map { .exists(key: "\($0)") })
    let filters = [
      EpisodeFilter(metadata: deep), EpisodeFilter(metadata: many),
      EpisodeFilter(metadata: .lessThan(key: "k", .number(.nan))),
      EpisodeFilter(metadata: .equals(key: "k", value: "a\0b")),
      EpisodeFilter(metadata: .any([.not(.atMost(key: "k", .text("\0")))])),
      EpisodeFilter(place: .box(GeographicBox(south: 3, west: 0, north: 2, east: 1))),
      EpisodeFilter(place: .box(GeographicBox(south: 0, west: 0, north: 91, east: 1))),
      EpisodeFilter(place: .near(center: Location(latitude: 0, longitude: 181), radiusMeters: 1)),
      EpisodeFilter(place: .near(center: Location(latitude: 0, longitude: 0), radiusMeters: -1)),
      EpisodeFilter(
        place: .near(center: Location(latitude: .nan, longitude: 0), radiusMeters: 1)),
    ]
    try await withStore { store, _ in
      for filter in filters {
        let error = await #expect(throws: DurableStoreError.self) {
          try await store.count(matching: filter)
        }
        guard case .invalid(let problem)? = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(["metadata", "place"].contains(problem.field))
      }
    }
  }
}
