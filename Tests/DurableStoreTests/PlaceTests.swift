import Episodes
import Testing

@testable import DurableStore

@Suite("Episodes by place and time")
struct PlaceTests {
  private static func episodes(seed: UInt64) -> [Episode] {
    var random = SeededGenerator(seed: seed)
    return (0..<400).map { index in
      var episode = Samples.episode("e\(index)", steps: 0)
      episode.startTime = Timestamp(
        nanosecondsSince1970: Int64.random(in: 0...4_000_000_000_000_000_000, using: &random))
      if random.chance(0.5) {
        episode.endTime = Timestamp(
          nanosecondsSince1970: episode.startTime.nanosecondsSince1970
            + Int64.random(in: 0...400_000_000_000_000_000, using: &random))
      }
      if random.chance(0.9) {
        episode.location = Location(
          latitude: random.pick([-90, 90, 0, Double.random(in: -90...90, using: &random)]),
          longitude: random.pick([-180, 180, 0, Double.random(in: -180...180, using: &random)]))
      }
      return episode
    }
  }

  private static func overlaps(_ episode: Episode, _ times: ClosedRange<Timestamp>?) -> Bool {
    guard let times else { return true }
    return episode.startTime <= times.upperBound
      && (episode.endTime ?? episode.startTime) >= times.lowerBound
  }

  private static func times(_ random: inout SeededGenerator) -> ClosedRange<Timestamp>? {
    if random.chance(0.4) { return nil }
    let bounds = [0, 1].map { _ in
      Timestamp(
        nanosecondsSince1970: Int64.random(in: 0...4_000_000_000_000_000_000, using: &random))
    }.sorted()
    return bounds[0]...bounds[1]
  }

  @Test("A box, also one across the 180th meridian, holds what plain comparison says")
  func boxes() async throws {
    let seed: UInt64 = 21
    print("seed \(seed)")
    let episodes = Self.episodes(seed: seed)
    var random = SeededGenerator(seed: seed + 1)
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      var matchCount = 0
      for _ in 0..<60 {
        let latitudes = [0, 1].map { _ in Double.random(in: -90...90, using: &random) }.sorted()
        let box = GeographicBox(
          south: latitudes[0], west: Double.random(in: -180...180, using: &random),
          north: latitudes[1], east: Double.random(in: -180...180, using: &random))
        let times = Self.times(&random)
        let expected = episodes.filter { episode in
          guard let place = episode.location, Self.overlaps(episode, times) else { return false }
          let inside =
            box.west <= box.east
            ? (box.west...box.east).contains(place.longitude)
            : place.longitude >= box.west || place.longitude <= box.east
          return inside && (box.south...box.north).contains(place.latitude)
        }
        let found = try await store.episodes(within: box, during: times, limit: 1000)
        #expect(Set(found.map(\.id)) == Set(expected.map(\.id)))
        #expect(found.map(\.startTime) == found.map(\.startTime).sorted(by: >))
        matchCount += expected.count
      }
      #expect(matchCount > 500)
    }
  }

  @Test("A radius, also around a pole, finds what the distance says, nearest first")
  func radius() async throws {
    let seed: UInt64 = 31
    print("seed \(seed)")
    let episodes = Self.episodes(seed: seed)
    var random = SeededGenerator(seed: seed + 1)
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      var matchCount = 0
      for _ in 0..<60 {
        let center = Location(
          latitude: random.pick([-90, 89, 0, Double.random(in: -90...90, using: &random)]),
          longitude: random.pick([180, -179, Double.random(in: -180...180, using: &random)]))
        let radius = random.pick([1000, 500_000, 3_000_000, 12_000_000])
        let times = Self.times(&random)
        let expected = episodes.filter { episode in
          guard let place = episode.location, Self.overlaps(episode, times) else { return false }
          return GeographicBox.distanceMeters(from: center, to: place) <= Double(radius)
        }
        let found = try await store.episodes(
          near: center, radiusMeters: Double(radius), during: times, limit: 1000)
        #expect(Set(found.map(\.episode.id)) == Set(expected.map(\.id)))
        #expect(found.map(\.distanceMeters) == found.map(\.distanceMeters).sorted())
        let few = try await store.episodes(
          near: center, radiusMeters: Double(radius), during: times, limit: 3)
        #expect(few == Array(found.prefix(3)))
        matchCount += expected.count
      }
      #expect(matchCount > 500)
    }
  }

  @Test("On the edges of the index's bands, and in boxes of any height, nothing is missed")
  func bands() async throws {
    var random = SeededGenerator(seed: 41)
    // Bands are a sixteenth of a degree high: on their edges, and as near as numbers come.
    let edges = (0..<300).flatMap { _ -> [Double] in
      let edge = Double(Int.random(in: -1440...1440, using: &random)) / 16
      return [edge, edge.nextUp, edge.nextDown].filter { (-90...90).contains($0) }
    }
    let episodes = edges.enumerated().map { index, latitude in
      var episode = Samples.episode("e\(index)", steps: 0)
      episode.location = Location(
        latitude: latitude, longitude: Double.random(in: -180...180, using: &random))
      return episode
    }
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      for height in [0, 1.0 / 16, 0.2, 3, 63.9, 64, 64.1, 180] {
        for _ in 0..<25 {
          let south = min(random.pick(edges), 90 - height)
          let west = Double.random(in: -180...180, using: &random)
          let box = GeographicBox(
            south: south, west: west, north: south + height,
            east: random.pick([180, Double.random(in: -180...180, using: &random)]))
          let expected = episodes.filter { $0.location.map(box.contains) == true }.map(\.id)
          let found = try await store.episodes(
            matching: EpisodeFilter(place: .box(box)), limit: 2000
          ).episodes.map(\.id)
          #expect(found.sorted() == expected.sorted(), "\(box)")
        }
      }
      let atEdge = try await store.episodes(
        within: GeographicBox(south: edges[0], west: -180, north: edges[0], east: 180), limit: 2000)
      #expect(atEdge.contains { $0.id == "e0" })
    }
  }

  @Test("Boxes and circles at the 180th meridian find what lies on it, however it is written")
  func meridian() async throws {
    try await withStore { store, _ in
      let longitudes: [Double] = [-180, 180, 179.5, -179.5, 0]
      try await store.insert(
        longitudes.map { longitude in
          var episode = Samples.episode("at\(longitude)", steps: 0)
          episode.location = Location(latitude: 5, longitude: longitude)
          return NewEpisode(episode)
        })
      let expected: [(west: Double, east: Double, found: [Double])] = [
        (179, 180, [-180, 180, 179.5]), (-180, -179, [-180, 180, -179.5]),
        (179, -179, [-180, 180, 179.5, -179.5]), (180, 180, [-180, 180]),
        (-180, -180, [-180, 180]), (-180, 180, longitudes), (-179.9, 179.9, [179.5, -179.5, 0]),
      ]
      for (west, east, found) in expected {
        let box = GeographicBox(south: 4, west: west, north: 6, east: east)
        let ids = Set(found.map { "at\($0)" })
        #expect(Set(try await store.episodes(within: box, limit: 10).map(\.id)) == ids, "\(box)")
        let page = try await store.episodes(matching: EpisodeFilter(place: .box(box)), limit: 10)
        #expect(Set(page.episodes.map(\.id)) == ids, "\(box)")
        #expect(page.episodes.count == ids.count, "\(box)")
      }
      for center in [-180.0, 180] {
        let near = try await store.episodes(
          near: Location(latitude: 5, longitude: center), radiusMeters: 1, limit: 10)
        #expect(Set(near.map(\.episode.id)) == ["at-180.0", "at180.0"])
      }
    }
  }

  @Test("What is no place is refused")
  func refused() async throws {
    try await withStore { store, _ in
      for box in [
        GeographicBox(south: .nan, west: 0, north: 1, east: 1),
        GeographicBox(south: 2, west: 0, north: 1, east: 1),
        GeographicBox(south: 0, west: 0, north: 1e300, east: 1),
      ] {
        await #expect(throws: DurableStoreError.self) {
          _ = try await store.episodes(within: box, limit: 1)
        }
      }
      let center = Location(latitude: 1, longitude: 2)
      for radius in [-1, Double.nan, .infinity] {
        await #expect(throws: DurableStoreError.self) {
          _ = try await store.episodes(near: center, radiusMeters: radius, limit: 1)
        }
      }
    }
  }

  @Test("Episodes that move, or that the sqlite3 tool places, are found where they are")
  func moved() async throws {
    try await withStore { store, folder in
      var episode = Samples.episode("a")
      episode.location = Location(latitude: 10, longitude: 20)
      try await store.insert([NewEpisode(episode), NewEpisode(Samples.episode("b"))])
      func found(at latitude: Double, _ longitude: Double) async throws -> [String] {
        try await store.episodes(
          near: Location(latitude: latitude, longitude: longitude), radiusMeters: 1, limit: 5
        ).map(\.episode.id)
      }
      #expect(try await found(at: 10, 20) == ["a"])
      episode.location = Location(latitude: -33, longitude: 179)
      try await store.update(episode)
      #expect(try await found(at: 10, 20) == [])
      #expect(try await found(at: -33, 179) == ["a"])
      if SQLiteTool.isInstalled {
        try SQLiteTool.run(
          "UPDATE episodes SET latitude = 5, longitude = 6 WHERE id = 'b'",
          on: folder.file("store.db"))
        #expect(try await found(at: 5, 6) == ["b"])
      }
      try await store.deleteEpisode(id: "a")
      #expect(try await found(at: -33, 179) == [])
      #expect(try await store.checkIntegrity() == [])
    }
  }

  @Test("Distances agree with known ones")
  func distances() {
    let paris = Location(latitude: 48.8566, longitude: 2.3522)
    let tokyo = Location(latitude: 35.6762, longitude: 139.6503)
    let distance = GeographicBox.distanceMeters(from: paris, to: tokyo)
    #expect(abs(distance - 9_712_000) < 10_000)
  }
}
