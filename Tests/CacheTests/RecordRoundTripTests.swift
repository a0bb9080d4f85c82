import Episodes
import Foundation
import Testing

@testable import Cache

@Suite("Records come back as they were put")
struct RecordRoundTripTests {
  @Test("Episodes with any values in any field are read back field for field")
  func episodes() throws {
    let seed: UInt64 = 0xE915_0DE5
    print("seed \(seed)")
    var random = RandomRecords(seed: seed)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    var batch = CacheBatch()
    for number in 0..<400 { batch.episodes.append(try random.episode(id: "episode-\(number)")) }
    try cache.apply(batch)
    for episode in batch.episodes {
      let found = try #require(try cache.episode(id: episode.id))
      #expect(found == episode)
      // Equal texts can differ in their bytes.
      #expect(found.taskDescription.utf8.elementsEqual(episode.taskDescription.utf8))
      #expect(found.reward?.total.sign == episode.reward?.total.sign)
    }
    let all = try cache.episodes(ids: batch.episodes.map(\.id) + ["missing"])
    #expect(all == batch.episodes + [nil])
    #expect(try cache.verify().isSound)
  }

  @Test("Patterns and heuristics are read back field for field, one by one and all together")
  func patternsAndHeuristics() throws {
    var random = RandomRecords(seed: 0x9A77_E124)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    var batch = CacheBatch()
    for number in 100..<300 {
      batch.patterns.append(try random.pattern(id: "pattern-\(number)"))
      batch.heuristics.append(random.heuristic(id: "heuristic-\(number)"))
    }
    try cache.apply(batch)
    #expect(try cache.patterns() == batch.patterns)
    #expect(try cache.heuristics() == batch.heuristics)
    for pattern in batch.patterns { #expect(try cache.pattern(id: pattern.id) == pattern) }
    for heuristic in batch.heuristics {
      #expect(try cache.heuristic(id: heuristic.id) == heuristic)
    }
    #expect(try cache.pattern(id: "heuristic-100") == nil)
  }

  @Test("What was written is there after closing and opening again")
  func reopening() throws {
    var random = RandomRecords(seed: 3)
    let directory = try TemporaryDirectory()
    let path = directory.file("records")
    var batch = CacheBatch()
    batch.episodes = [try random.episode(id: "kept")]
    batch.watermark = 41
    do {
      let cache = try RecordCache.open(at: path)
      #expect(cache.opening == .created)
      try cache.apply(batch)
      cache.close()
      #expect(throws: CacheError.self) { try cache.episode(id: "kept") }
    }
    let cache = try RecordCache.open(at: path)
    #expect(cache.opening == .existing)
    #expect(try cache.episode(id: "kept") == batch.episodes[0])
    #expect(try cache.watermark == 41)
  }

  @Test(
    "Identifiers too long for a key, and odd ones, keep their records apart",
    arguments: [
      "", " ", String(repeating: "👩‍👩‍👧‍👦", count: 128), String(repeating: "x", count: 480),
      String(repeating: "x", count: 481), "\u{0}", "e\u{301}",
    ])
  func identifiers(id: String) throws {
    var random = RandomRecords(seed: 4)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    var batch = CacheBatch()
    batch.episodes = [try random.episode(id: id), try random.episode(id: id + "2")]
    let owner = EmbeddingOwner(kind: .step, id: id, part: 3)
    batch.embeddings = [CachedEmbedding(id: 1, embedding: random.embedding(owner: owner))]
    try cache.apply(batch)
    #expect(try cache.episodes(ids: [id, id + "2"]) == batch.episodes)
    #expect(try Set(cache.episodeIDs()) == [id, id + "2"])
    #expect(try cache.embeddingOwner(id: 1) == owner)
    var deletion = CacheBatch()
    deletion.deletedEpisodeIDs = [id]
    try cache.apply(deletion)
    #expect(try cache.episode(id: id) == nil)
    #expect(try cache.episode(id: id + "2") == batch.episodes[1])
    #expect(try cache.embeddingCount == 0)
  }

  @Test("JSON text keeps integers, doubles and all strings apart")
  func json() throws {
    let values: [JSONValue] = [
      1, .number(1), .number(-0.0), .integer(.max),
      .integer(.min), .number(1e300), .number(.leastNonzeroMagnitude), "\u{0}\u{1F}\"\\/\n", [],
      [:],
      ["": [nil, true, false, ["a": [[]]]]],
    ]
    for value in values {
      let text = try JSONText.text(value)
      let back = try JSONText.value(text)
      #expect(back == value, "\(text)")
      if case .number(let left) = value, case .number(let right) = back {
        #expect(left.bitPattern == right.bitPattern)
      }
    }
    for number in [Double.nan, .infinity, -.infinity] {
      #expect(throws: WireError.json) { try JSONText.text(["a": [.number(number)]]) }
    }
  }

  @Test(
    "Malformed JSON text is refused",
    arguments: [
      "", "{", "[1,]", "{\"a\"}", "{\"a\":}", "\"open", "\"\\", "\"\\u00\"",
      "tru", "nul", "1 2", "--1", "1.2.3", "[1", "{\"a\":1,}", "[]]", "-",
    ])
  func malformedJSON(text: String) {
    #expect(throws: WireError.json) { try JSONText.value(text) }
  }

  @Test("An episode whose parameters nest too deep is refused and its older version dropped")
  func deepParameters() throws {
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    func episode(depth: Int) -> Episode {
      var value: JSONValue = 1
      for _ in 0..<depth { value = .array([value]) }
      let time = Timestamp(nanosecondsSince1970: 0)
      let step = ExecutionStep(
        number: 1, timestamp: time, tool: "t", action: "a", parameters: value)
      return Episode(id: "deep", taskDescription: "d", startTime: time, steps: [step])
    }
    var batch = CacheBatch()
    batch.episodes = [episode(depth: JSONText.depthMax)]
    #expect(try cache.apply(batch).refusedEpisodeIDs == [])
    #expect(try cache.episode(id: "deep") == batch.episodes[0])
    batch.episodes = [episode(depth: JSONText.depthMax + 1)]
    #expect(try cache.apply(batch).refusedEpisodeIDs == ["deep"])
    #expect(try cache.episode(id: "deep") == nil)
  }

  @Test("Damaged record bytes are an error, never a trap")
  func damagedBytes() throws {
    let seed: UInt64 = 77
    print("seed \(seed)")
    var random = RandomRecords(seed: seed)
    let table = Table(name: "episodes", handle: 0)
    let key = RecordKey.id("e")
    for compression in [nil, CacheCompression()] {
      let codec = RecordCodec(compression: compression)
      func decode(_ raw: UnsafeRawBufferPointer, checked: Bool) throws -> Episode {
        guard checked else { return try RecordFormat.episode(raw) }
        return try codec.withMessage(
          of: raw, key: key, table: table, dictionary: { _ in nil }, RecordFormat.episode)
      }
      for round in 0..<200 {
        let episode = try random.episode(id: "e")
        let message = try RecordFormat.message(of: episode)
        let value = try codec.value(
          of: message, key: key, table: table, expiresAt: 5, dictionary: nil)
        let pattern = try RecordFormat.message(of: try random.pattern(id: "p"))
        let vector = try #require(
          EmbeddingRecord.encode(
            random.embedding(owner: EmbeddingOwner(kind: .episode, id: "e")), key: key,
            table: table))
        #expect(try value.withUnsafeBytes { try decode($0, checked: true) } == episode)
        for original in [message, value, pattern, vector] {
          var bytes = original
          if round % 3 == 0 { bytes.removeLast(random.generator.below(bytes.count)) }
          for _ in 0..<random.generator.below(6) where !bytes.isEmpty {
            bytes[random.generator.below(bytes.count)] = UInt8(random.generator.below(256))
          }
          bytes.withUnsafeBytes { raw in
            _ = try? RecordFormat.episode(raw)
            _ = try? RecordFormat.pattern(raw)
            _ = try? RecordFormat.heuristic(raw)
            _ = try? SegmentFormat.description(raw, key: key, table: table)
            if bytes != value { #expect(throws: WireError.self) { try decode(raw, checked: true) } }
            let view = EmbeddingView(id: 1, value: raw, table: table, verifyingVector: true)
            #expect(view == nil, "another's key was not noticed")
          }
        }
      }
    }
  }

  @Test("A frame that says it is longer than it is, or larger than memory, is an error")
  func lyingFrames() throws {
    let table = Table(name: "episodes", handle: 0)
    let key = RecordKey.id("e")
    let codec = RecordCodec(compression: CacheCompression(usesDictionary: false))
    let message = [UInt8](repeating: 7, count: 1000)
    let value = try codec.value(
      of: message, key: key, table: table, expiresAt: 5, dictionary: nil)
    #expect(value.count < 100)
    for (length, error) in [
      (UInt32(999), WireError.frame), (1001, .frame), (0, .frame), (.max, .tooLong),
    ] {
      var lying = value
      lying.withUnsafeMutableBytes {
        $0.storeBytes(of: length.littleEndian, toByteOffset: 8, as: UInt32.self)
      }
      StoredChecksum.write(to: &lying, key: key, table: table)
      #expect(throws: error) {
        try lying.withUnsafeBytes {
          try codec.withMessage(of: $0, key: key, table: table, dictionary: { _ in nil }) { _ in }
        }
      }
    }
    // A dictionary that is not there.
    var foreign = value
    foreign.withUnsafeMutableBytes {
      $0.storeBytes(of: UInt32(77).littleEndian, toByteOffset: 12, as: UInt32.self)
    }
    StoredChecksum.write(to: &foreign, key: key, table: table)
    #expect(throws: WireError.dictionary) {
      try foreign.withUnsafeBytes {
        try codec.withMessage(of: $0, key: key, table: table, dictionary: { _ in nil }) { _ in }
      }
    }
  }
}
