import Crypto
import Episodes
import Foundation
import Interchange
import Testing

@testable import EngramCommand

@Suite("Building data sets")
struct DatasetBuilderTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func digest(_ bytes: some Sequence<UInt8>) -> String {
    Hexadecimal.text(SHA256.hash(data: Array(bytes)))
  }

  private func manifest() throws -> DatasetManifest {
    try JSONDecoder().decode(
      DatasetManifest.self, from: Data(try TestFile.bytes(folder.path("manifest.json"))))
  }

  private func checkOutputs(_ manifest: DatasetManifest) throws {
    for output in manifest.outputs {
      let bytes = try TestFile.bytes(folder.path(output.file))
      #expect(output.bytes == bytes.count)
      #expect(output.sha256 == digest(bytes))
    }
    let files = manifest.outputs.map(\.file) + ["manifest.json"]
    #expect(try folder.names() == files.sorted())
  }

  @Test("Clusters have the bytes that an independent implementation gives them")
  func goldenClusters() throws {
    let clusters = try GaussianClusters(
      count: 300, dimension: 7, clusterCount: 5, spread: 0.25, seed: 42)
    let built = try DatasetBuilder(folder: folder.path(""), name: "g").build(
      clusters, queryCount: 20)
    #expect(built == (try manifest()))
    try checkOutputs(built)
    #expect(built.outputs.map(\.file) == ["g.npy", "g.queries.npy"])
    #expect(built.clusters == .init(clusterCount: 5, spread: 0.25, seed: 42))
    // Of the values behind the 128 bytes of the header; worked out in Python with NumPy.
    #expect(
      digest(try TestFile.bytes(folder.path("g.npy")).dropFirst(128))
        == "2380bbfc64d6a3e458073cce6299402a1bf8966361f4f67a9bb556f7369e321b")
    #expect(
      digest(try TestFile.bytes(folder.path("g.queries.npy")).dropFirst(128))
        == "f6fada0a8fd37549689f5f644449a59b365176650f8e98ad3d5418f949093497")
  }

  @Test("A smaller set is the beginning of a larger one, whatever the format")
  func prefixes() throws {
    let small = try GaussianClusters(count: 100, dimension: 5, clusterCount: 3, seed: 9)
    var large = small
    large.count = 9_000
    try small.write(to: folder.path("small.npy"))
    var written: [Int] = []
    try large.write(to: folder.path("large.fbin")) { written.append($0) }
    #expect(written == [4096, 8192, 9000])
    let first = try VectorMatrix(path: folder.path("small.npy"))
    let second = try VectorMatrix(path: folder.path("large.fbin"))
    #expect(second.count == 9_000)
    for row in 0..<100 { #expect(first[row] == second[row]) }
    #expect(Set((0..<second.count).map { second[$0] }).count == 9_000)
  }

  @Test("Vectors lie around as many centres as were asked for")
  func spread() throws {
    let clusters = try GaussianClusters(
      count: 500, dimension: 16, clusterCount: 4, spread: 0, seed: 5)
    try clusters.write(to: folder.path("c.npy"))
    let matrix = try VectorMatrix(path: folder.path("c.npy"))
    #expect(Set((0..<matrix.count).map { matrix[$0] }).count == 4)
  }

  @Test("Settings outside their range are refused")
  func settings() throws {
    for settings in [
      (0, 8, 1, 0.5), (8, 0, 1, 0.5), (8, 8, 0, 0.5), (8, 8, 1, -1), (8, 8, 1, .nan),
    ] {
      #expect(throws: DatasetError.self) {
        try GaussianClusters(
          count: settings.0, dimension: settings.1, clusterCount: settings.2,
          spread: settings.3)
      }
    }
    for name in ["", "a/b", "..", ".hidden", "a b"] {
      #expect(throws: DatasetError.self) { try DatasetBuilder(folder: "x", name: name) }
    }
  }

  private let texts = DatasetTexts(
    texts: (0..<10).map {
      DatasetText(id: "t-\($0)", text: "text \"\($0)\"\n/é", metadata: ["n": "\($0)"])
    },
    questions: [DatasetQuestion(query: "which?", relevant: ["t-3"])],
    origin: DatasetOrigin(source: "made up", licence: "none"))

  /// A vector that tells which text it belongs to.
  private func embedding(batchSize: Int, sizes: Sizes) -> DatasetEmbedding {
    DatasetEmbedding(model: "lengths", dimension: 2, batchSize: batchSize) { texts in
      await sizes.append(texts.count)
      return texts.flatMap { [Float($0.utf8.count), Float($0.utf8.dropFirst(6).first ?? 0)] }
    }
  }

  private actor Sizes {
    var values: [Int] = []
    func append(_ value: Int) { values.append(value) }
  }

  @Test("Texts are written with their vectors in the same order, in batches")
  func embedded() async throws {
    let sizes = Sizes()
    let builder = try DatasetBuilder(folder: folder.path(""), name: "demo")
    var progress: [Int] = []
    let built = try await builder.build(
      texts, embedding: embedding(batchSize: 4, sizes: sizes)
    ) { progress.append($0) }
    #expect(await sizes.values == [4, 4, 2])
    #expect(progress == [4, 8, 10])
    try checkOutputs(built)
    #expect(built == (try manifest()))
    #expect(built.count == 10)
    #expect(built.questionCount == 1)
    #expect(built.dimension == 2)
    #expect(built.model == "lengths")
    #expect(
      built.outputs.map(\.file) == [
        "demo.texts.jsonl", "demo.questions.jsonl", "demo.episodes.jsonl", "demo.npy",
      ])
    let lines = try TestFile.lines(folder.path("demo.texts.jsonl"))
    #expect(
      lines[3] == #"{"id":"t-3","metadata":{"n":"3"},"text":"text \"3\"\n/é"}"#)
    let read = try lines.map {
      try JSONDecoder().decode(DatasetText.self, from: Data($0.utf8))
    }
    #expect(read == texts.texts)
    #expect(
      try TestFile.lines(folder.path("demo.questions.jsonl")) == [
        #"{"query":"which?","relevant":["t-3"]}"#
      ])
    let episodes = try TestFile.lines(folder.path("demo.episodes.jsonl")).map {
      try EpisodeLineParser(startTime: Timestamp(secondsSince1970: 0)).parse($0)
    }
    #expect(episodes.map(\.id) == texts.texts.map(\.id))
    #expect(episodes.map(\.taskDescription) == texts.texts.map(\.text))
    #expect(episodes[3].metadata == ["n": "3"])
    let matrix = try VectorMatrix(path: folder.path("demo.npy"))
    #expect((0..<10).map { matrix[$0][1] } == (0..<10).map { Float(48 + $0) })
  }

  @Test("Building twice gives the same bytes")
  func reproducible() async throws {
    let builder = try DatasetBuilder(folder: folder.path("deep/down"), name: "demo")
    let first = try await builder.build(texts)
    let second = try await builder.build(texts)
    #expect(first == second)
    #expect(first.dimension == nil)
    #expect(first.outputs.count == 3)
  }

  @Test("A text that is too long for a description is cut, one without questions is no episode")
  func longTexts() async throws {
    var texts = texts
    texts.texts[0].text = String(repeating: "é", count: 10_500)
    let builder = try DatasetBuilder(folder: folder.path(""), name: "demo")
    _ = try await builder.build(texts)
    let line = try TestFile.lines(folder.path("demo.episodes.jsonl"))[0]
    let episode = try EpisodeLineParser(startTime: Timestamp(secondsSince1970: 0)).parse(line)
    #expect(episode.taskDescription == String(repeating: "é", count: 10_000))
    texts.questions = []
    let other = try DatasetBuilder(folder: folder.path("other"), name: "demo")
    #expect(try await other.build(texts).outputs.map(\.file) == ["demo.texts.jsonl"])
  }

  @Test("An embedder that fails or gives too little leaves no manifest and no vectors")
  func failures() async throws {
    let builder = try DatasetBuilder(folder: folder.path(""), name: "demo")
    _ = try await builder.build(texts)
    let short = DatasetEmbedding(model: "short", dimension: 2, batchSize: 4) { _ in [1, 2] }
    let error = await #expect(throws: DatasetError.self) {
      try await builder.build(texts, embedding: short)
    }
    #expect(error == .badEmbeddings(expectedValues: 8, actualValues: 2))
    #expect(
      try folder.names() == ["demo.episodes.jsonl", "demo.questions.jsonl", "demo.texts.jsonl"])
    let infinite = DatasetEmbedding(model: "inf", dimension: 1, batchSize: 4) { texts in
      texts.map { _ in Float.infinity }
    }
    let bad = await #expect(throws: DatasetError.self) {
      try await builder.build(texts, embedding: infinite)
    }
    #expect(bad?.description.contains("row 0, column 0 is NaN or infinite") == true)
  }

  @Test("A folder that cannot be made is named")
  func badFolder() async throws {
    let path = try folder.write("x", to: "file")
    let builder = try DatasetBuilder(folder: path + "/inside", name: "demo")
    let error = await #expect(throws: DatasetError.self) { try await builder.build(texts) }
    #expect(error?.description.hasPrefix("cannot create '\(path)/") == true)
    #expect(error?.exitStatus == .cannotCreate)
  }
}
