import Embedders
import Episodes
import Foundation
import Testing

@testable import EngramCommand

@Suite("Questions with known answers")
struct EvalCommandTests {
  private func importedHome() throws -> CommandHome {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    return home
  }

  @Test("Retrieval is measured against known answers")
  func evaluation() throws {
    let home = try importedHome()
    let episodes = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    let queries = try home.folder.write(
      """
      {"query": "signing in fails now and then", "relevant": ["login"]}
      {"query": "give money back", "relevant": ["refund"], "filter": {"domain": "support"}}

      """, to: "queries.jsonl")
    for arguments in [["--home", home.path], ["--episodes", episodes]] {
      let run = try EngramProcess.run(
        ["eval", "retrieval", "--queries", queries, "--format", "json"] + arguments)
      #expect(run.status == 0, "\(run.errors)")
      #expect(try run.object()["recallAt1"] as? Double == 1)
      #expect(try run.object()["ndcgAt10"] as? Double == 1)
    }
    let both = try EngramProcess.run([
      "eval", "retrieval", "--queries", queries, "--episodes", episodes, "--limit", "1",
      "--mode", "vector", "--mode", "text", "--format", "json",
    ])
    let lines = try both.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    #expect(lines.map { $0?["mode"] as? String } == ["vector", "text"])
    #expect(lines.map { $0?["queryCount"] as? Int } == [1, 1])
    let broken = try home.folder.write("{\"query\": \"x\"}\n", to: "broken.jsonl")
    expectFailure(
      try home.run("eval", "retrieval", "--queries", broken), status: 65, naming: "line 1")
  }

  @Test("Vectors that were made before are taken for those of the descriptions")
  func knownVectors() async throws {
    let home = try CommandHome()
    let texts = DatasetTexts(
      texts: ["fix the login", "refund a customer", "tune the database"].enumerated().map {
        DatasetText(id: "t-\($0.offset)", text: $0.element)
      }, questions: [DatasetQuestion(query: "tuning a database", relevant: ["t-0"])],
      origin: DatasetOrigin(source: "made up", licence: "none"))
    let model = try MiniLMEmbedder(model: MiniLMModel.locate())
    // Each text with the vector of the one before, so that it shows which are used.
    let embedding = DatasetEmbedding(model: model.model, dimension: model.dimension) { texts in
      model.contiguousVectors(of: texts.suffix(1) + texts.dropLast())
    }
    let built = try DatasetBuilder(folder: home.folder.path("set"), name: "s")
    _ = try await built.build(texts, embedding: embedding)
    let arguments = [
      "eval", "retrieval", "--episodes", home.folder.path("set/s.episodes.jsonl"), "--queries",
      home.folder.path("set/s.questions.jsonl"), "--mode", "vector", "--format", "json",
    ]
    let known = try EngramProcess.run(
      arguments + ["--vectors", home.folder.path("set/s.npy")])
    #expect(try known.object()["recallAt1"] as? Double == 1, "\(known.errors)")
    #expect(try EngramProcess.run(arguments).object()["recallAt1"] as? Double == 0)
    var matrix = try VectorFileWriter(path: home.folder.path("two.npy"), dimension: 384)
    try matrix.append([Float](repeating: 0.5, count: 2 * 384))
    try matrix.finish()
    expectFailure(
      try EngramProcess.run(arguments + ["--vectors", home.folder.path("two.npy")]), status: 65,
      naming: "2 rows", "expected 3")
  }

  @Test("Questions are taken evenly from a file that has more than are asked")
  func sampledQuestions() throws {
    let questions = try (0..<10).map {
      try JSONDecoder().decode(
        RetrievalQuestion.self, from: Data(#"{"query": "q\#($0)", "relevant": ["a"]}"#.utf8))
    }
    #expect(
      RetrievalQuestion.sample(questions, countMax: 4).map(\.query) == ["q0", "q2", "q5", "q7"])
    #expect(RetrievalQuestion.sample(questions, countMax: 10).count == 10)
    #expect(RetrievalQuestion.sample(questions, countMax: .max).count == 10)
  }
}
