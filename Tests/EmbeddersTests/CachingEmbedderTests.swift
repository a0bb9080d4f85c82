import Embedders
import Testing

@Suite("Caching embedder")
struct CachingEmbedderTests {
  /// A cache in memory that remembers what it was given.
  actor MemoryCache: EmbeddingCache {
    private(set) var entries: [String: [Float]] = [:]
    private(set) var storedCounts: [Int] = []

    func vectors(model: String, contentHashes: [String]) -> [String: [Float]] {
      var found: [String: [Float]] = [:]
      for hash in contentHashes { found[hash] = entries[model + hash] }
      return found
    }

    func store(_ vectors: [String: [Float]], model: String) {
      storedCounts.append(vectors.count)
      for (hash, vector) in vectors { entries[model + hash] = vector }
    }
  }

  @Test("A text is embedded once, however often it is asked for")
  func once() async throws {
    let base = try makeEmbedder()
    let cache = MemoryCache()
    let embedder = CachingEmbedder(base, cache: cache)
    let first = try await embedder.embed(["one", "two", "one"])
    #expect(first[0] == first[2] && first[0] != first[1])
    let second = try await embedder.embed(["two", "three"])
    #expect(second[0] == first[1])
    #expect(try await embedder.embed(["three", "one", "two"]) == [second[1], first[0], first[1]])
    #expect(await cache.storedCounts == [2, 1])
    #expect(cosine(second[1], base.vector(of: "three")) > 0.99999)
    #expect(embedder.model == base.model && embedder.dimension == 384)
  }

  @Test("A cached vector of another dimension is replaced")
  func otherDimension() async throws {
    let cache = MemoryCache()
    let embedder = CachingEmbedder(try makeEmbedder(), cache: cache)
    let hash = TextHash.contentHash(of: "one")
    await cache.store([hash: [1, 0]], model: embedder.model)
    let vector = try await embedder.embed("one")
    #expect(vector.count == 384)
    #expect(await cache.entries[embedder.model + hash] == vector)
  }

  /// An embedder whose answer is cut short, as a server's may be.
  struct ShortEmbedder: Embedder {
    let model = "short"
    let dimension = 1
    func embed(_ texts: [String]) -> [[Float]] { texts.dropLast().map { _ in [1] } }
  }

  @Test("Too few vectors are an error, and none of them is kept")
  func tooFewVectors() async throws {
    let cache = MemoryCache()
    let embedder = CachingEmbedder(ShortEmbedder(), cache: cache)
    await #expect(throws: VectorCountError(model: "short", expected: 2, actual: 1)) {
      _ = try await embedder.embed(["one", "two", "one"])
    }
    #expect(await cache.entries.isEmpty)
  }

  @Test("The content hash is SHA-256 of the text's bytes in lower-case hexadecimal")
  func contentHash() {
    #expect(
      TextHash.contentHash(of: "abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      TextHash.contentHash(of: "")
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(TextHash.contentHash(of: "é") != TextHash.contentHash(of: "e\u{301}"))
  }
}
