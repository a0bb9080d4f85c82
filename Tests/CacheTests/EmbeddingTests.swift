import Episodes
import Testing

@testable import Cache

@Suite("Embeddings")
struct EmbeddingTests {
  @Test("Embeddings come back in the order of their numbers, with owner and vector")
  func iteration() throws {
    var random = RandomRecords(seed: 20)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    #expect(try cache.lastEmbeddingID == nil)
    var batch = CacheBatch()
    for id in [300, 2, 7, UInt64.max, 255, 256] {
      let owner = EmbeddingOwner(kind: .step, id: "e\(id)", part: Int(id % 11) - 5)
      batch.embeddings.append(
        CachedEmbedding(id: id, embedding: random.embedding(owner: owner, dimension: 384)))
    }
    try cache.apply(batch)
    let expected = batch.embeddings.sorted { $0.id < $1.id }
    var found: [CachedEmbedding] = []
    try cache.withEmbeddings { view in
      found.append(CachedEmbedding(id: view.id, embedding: view.embedding))
      #expect(view.isOf(model: view.model))
      #expect(!view.isOf(model: view.model + "x"))
      return true
    }
    #expect(found == expected)
    #expect(try cache.lastEmbeddingID == .max)
    #expect(try cache.embeddingCount == 6)
    #expect(try cache.containsEmbedding(id: 7))
    #expect(try cache.containsEmbedding(id: 8) == false)

    var ids: [UInt64] = []
    try cache.withEmbeddings(after: 7) { view in
      ids.append(view.id)
      return ids.count < 2
    }
    #expect(ids == [255, 256])
    try cache.withEmbeddings(after: .max) { _ in
      Issue.record("there is none after the last")
      return true
    }
    struct Stop: Error {}
    #expect(throws: Stop.self) { try cache.withEmbeddings { _ in throw Stop() } }
  }

  @Test("Vectors are aligned for floats in the map, whatever their neighbours' sizes")
  func alignment() throws {
    var random = RandomRecords(seed: 21)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    for round in 0..<10 {
      var batch = CacheBatch()
      for number in 0..<60 {
        let id = UInt64(random.generator.below(200))
        if number % 5 == 0 { batch.deletedEmbeddingIDs.append(id) }
        let owner = EmbeddingOwner(kind: .episode, id: random.text() + "\(id)")
        batch.embeddings.append(
          CachedEmbedding(
            id: id,
            embedding: random.embedding(owner: owner, dimension: random.generator.below(700))))
      }
      try cache.apply(batch)
      var count = 0
      try cache.withEmbeddings { view in
        let address = Int(bitPattern: view.vectorBytes.baseAddress)
        #expect(view.dimension == 0 || address % 4 == 0)
        view.withVector { vector in
          #expect(vector.count == view.dimension)
          if !vector.isEmpty { #expect(vector.elementsEqual(view.vector)) }
        }
        count += 1
        return true
      }
      #expect(count == (try cache.embeddingCount), "round \(round)")
    }
    #expect(try cache.verify().isSound)
  }

  @Test("An embedding that changes its owner is found under the new one only")
  func ownerChange() throws {
    var random = RandomRecords(seed: 22)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    for owner in ["first", "second"] {
      var batch = CacheBatch()
      batch.embeddings = [
        CachedEmbedding(
          id: 5, embedding: random.embedding(owner: EmbeddingOwner(kind: .summary, id: owner)))
      ]
      try cache.apply(batch)
    }
    #expect(try cache.embeddingIDs(of: .summary, ownerID: "first") == [])
    #expect(try cache.embeddingIDs(of: .summary, ownerID: "second") == [5])
    #expect(try cache.embedding(id: 5)?.owner.id == "second")
    #expect(try cache.verify().isSound)
  }

  @Test("An embedding whose text does not fit is refused and its older version dropped")
  func refusal() throws {
    var random = RandomRecords(seed: 23)
    let directory = try TemporaryDirectory()
    let cache = try RecordCache.open(at: directory.file("records"))
    var batch = CacheBatch()
    let owner = EmbeddingOwner(kind: .pattern, id: "p")
    batch.embeddings = [CachedEmbedding(id: 1, embedding: random.embedding(owner: owner))]
    try cache.apply(batch)
    batch.embeddings[0].embedding.model = String(repeating: "m", count: 65_536)
    #expect(try cache.apply(batch).refusedEmbeddingIDs == [1])
    #expect(try cache.embeddingCount == 0)
    #expect(try cache.embeddingIDs(of: .pattern, ownerID: "p") == [])
  }
}
