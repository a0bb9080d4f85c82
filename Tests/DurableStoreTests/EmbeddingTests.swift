import Episodes
import Testing

@testable import DurableStore

@Suite("Embeddings")
struct EmbeddingTests {
  @Test("Vectors are read back bit for bit, in the order of their ids")
  func roundTrip() async throws {
    try await withStore { store, _ in
      let values: [Float] = [0, -0.0, 1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .pi]
      let embeddings = (0..<7).map { part in
        Embedding(
          owner: EmbeddingOwner(kind: part == 0 ? .episode : .step, id: "e", part: part),
          model: "m", vector: values.map { $0 * Float(part + 1) }.map { $0.isFinite ? $0 : 1 },
          contentHash: "h\(part)")
      }
      let outcomes = try await store.insert([
        NewEpisode(Samples.episode("e"), embeddings: embeddings)
      ])
      let ids = outcomes[0].embeddingIDs
      #expect(ids == ids.sorted() && ids.count == 7)
      let first = try await store.embeddings(after: 0, limit: 4, model: "m")
      let rest = try await store.embeddings(after: first.last?.id ?? 0, limit: 100, model: "m")
      #expect((first + rest).map(\.id) == ids)
      for (stored, embedding) in zip(first + rest, embeddings) {
        #expect(stored.embedding == embedding)
        #expect(
          stored.embedding.vector.map(\.bitPattern) == embedding.vector.map(\.bitPattern))
      }
      #expect(try await store.embeddings(ids: ids.reversed()).map(\.id) == ids.reversed())
      #expect(try await store.embeddings(after: 0, limit: 9, model: "other").isEmpty)
      let owners = try await store.embeddingOwners(ids: ids + [999])
      #expect(owners.count == 7)
      #expect(owners[ids[3]] == EmbeddingOwner(kind: .step, id: "e", part: 3))
    }
  }

  @Test("A changed embedding gets a new id, an unchanged one keeps its own, a dropped one is gone")
  func replacing() async throws {
    try await withStore { store, _ in
      let episode = Samples.episode("e")
      let same = Samples.embedding("e")
      let dropped = Samples.embedding("e", kind: .step, part: 0)
      let old = Samples.embedding("e", kind: .step, part: 1, value: 1)
      let changed = Samples.embedding("e", kind: .step, part: 1, value: 2)
      let before = try await store.insert([
        NewEpisode(episode, embeddings: [same, dropped, old])
      ])[0].embeddingIDs
      let after = try await store.update(episode, embeddings: [changed, same])
      #expect(after.embeddingIDs[1] == before[0])
      #expect(after.embeddingIDs[0] > before[2])
      #expect(after.removedEmbeddingIDs.sorted() == [before[1], before[2]])
      // Without a list the stored ones stay.
      #expect(try await store.update(episode).removedEmbeddingIDs == [])
      #expect(
        try await store.embeddings(ofEpisode: "e").map(\.embedding) == [same, changed])
      let put = try await store.putEmbeddings([old, same])
      #expect(put.removedEmbeddingIDs == [after.embeddingIDs[0]])
      #expect(put.embeddingIDs[1] == before[0])
      #expect(put.embeddingIDs[0] > after.embeddingIDs[0])
      // Not even the highest id is used again.
      #expect(try await store.deleteEmbeddings(ids: put.embeddingIDs).count == 2)
      let next = try await store.putEmbeddings([same]).embeddingIDs[0]
      #expect(next > put.embeddingIDs[0])
    }
  }

  @Test("Embeddings without a stored owner, or of another episode, are refused as a whole")
  func owners() async throws {
    try await withStore { store, _ in
      try await store.insert([NewEpisode(Samples.episode("e"))])
      await #expect(throws: DurableStoreError.notFound(.episode, id: "x")) {
        try await store.putEmbeddings([Samples.embedding("e"), Samples.embedding("x")])
      }
      await #expect(throws: DurableStoreError.notFound(.pattern, id: "e")) {
        try await store.putEmbeddings([Samples.embedding("e", kind: .pattern)])
      }
      await #expect(throws: DurableStoreError.self) {
        try await store.insert([
          NewEpisode(Samples.episode("f"), embeddings: [Samples.embedding("e")])
        ])
      }
      var broken = Samples.embedding("e")
      broken.vector[1] = .nan
      await #expect(throws: DurableStoreError.self) { try await store.putEmbeddings([broken]) }
      #expect(try await store.embeddingCount(model: "model") == 0)
    }
  }

  @Test("Vectors of texts embedded before are found by their hash and model")
  func cached() async throws {
    try await withStore { store, _ in
      var first = Samples.embedding("a", value: 3)
      var second = Samples.embedding("b", value: 3)
      first.contentHash = "same"
      second.contentHash = "same"
      try await store.insert([
        NewEpisode(Samples.episode("a"), embeddings: [first]),
        NewEpisode(Samples.episode("b"), embeddings: [second, Samples.embedding("b", part: 1)]),
      ])
      let found = try await store.cachedVectors(
        contentHashes: ["same", "none", "hash-b-episode-1-1.0"], model: "model")
      #expect(found.count == 2)
      #expect(found["same"] == first.vector)
      #expect(try await store.cachedVectors(contentHashes: ["same"], model: "x").isEmpty)
    }
  }
}
