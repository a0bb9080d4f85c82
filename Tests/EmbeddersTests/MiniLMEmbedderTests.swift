import Embedders
import Foundation
import Testing

@Suite("MiniLM embedder")
struct MiniLMEmbedderTests {
  @Test("Every text of the fixture gets the token ids of the model's own tokenizer")
  func tokenIDs() throws {
    let embedder = try makeEmbedder()
    for sample in try EmbedderFixture.load().samples {
      #expect(embedder.tokenIDs(of: sample.text) == sample.ids, "\(sample.text.debugDescription)")
    }
  }

  @Test("Every text of the fixture gets the reference's vector, at unit length")
  func vectors() throws {
    let fixture = try EmbedderFixture.load()
    let vectors = try makeEmbedder().vectors(of: fixture.texts)
    try #require(vectors.count == fixture.texts.count)
    for (index, vector) in vectors.enumerated() {
      let text = fixture.texts[index].debugDescription
      #expect(cosine(vector, fixture.vectors[index]) >= 0.9999, "\(text)")
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5, "\(text)")
    }
  }

  @Test("A text has the same vector alone, among others, and on any number of threads")
  func independence() throws {
    let texts = Array(try EmbedderFixture.load().texts.prefix(12))
    let together = try makeEmbedder(threadCount: 1).vectors(of: texts)
    for threadCount in [1, 2, 5] {
      let embedder = try makeEmbedder(threadCount: threadCount)
      for (one, other) in zip(embedder.vectors(of: texts), together) {
        #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-5 })
      }
      let alone = embedder.vector(of: texts[3])
      #expect(zip(alone, together[3]).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("The contiguous form holds the same vectors, also through the protocol")
  func contiguous() async throws {
    let texts = ["fix the parser", "", "the parser is broken"]
    let embedder: any Embedder = try makeEmbedder()
    let vectors = try await embedder.embed(texts)
    #expect(try await embedder.embedContiguously(texts) == vectors.flatMap(\.self))
    #expect(try await embedder.embed(texts[2]).count == embedder.dimension)
    #expect(try await embedder.embedContiguously([]).isEmpty)
    #expect(try await embedder.embed([]).isEmpty)
    #expect(try await embedder.embed(texts[2]) == makeEmbedder().vector(of: texts[2]))
  }

  @Test("Texts of like meaning are nearer than others")
  func meaning() throws {
    let vectors = try makeEmbedder().vectors(of: [
      "the unit test of the parser fails", "parser tests are broken",
      "bake the bread for forty minutes",
    ])
    #expect(cosine(vectors[0], vectors[1]) > cosine(vectors[0], vectors[2]) + 0.3)
  }

  @Test("Calls from many tasks at once do not disturb each other")
  func concurrency() async throws {
    let embedder = try makeEmbedder(threadCount: 2)
    let texts = (0..<8).map { "text number \($0) of a call among others" }
    let expected = texts.map { embedder.vector(of: $0) }
    await withTaskGroup(of: (Int, [Float]).self) { group in
      for (index, text) in texts.enumerated() {
        group.addTask { (index, embedder.vector(of: text)) }
      }
      for await (index, vector) in group {
        #expect(zip(vector, expected[index]).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }
}
