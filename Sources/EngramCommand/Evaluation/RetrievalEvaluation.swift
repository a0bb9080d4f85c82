internal import Engram
internal import Episodes
internal import Foundation
internal import Platform

/// How good the answers to questions with known answers are: means over the questions.
struct RetrievalEvaluation: Encodable {
  var mode = RetrievalMode.hybrid
  var queryCount = 0
  /// Ids that questions name and the memory does not hold: nothing can find them.
  var missingCount = 0
  /// The share of a question's relevant episodes among the first hit, five and ten hits.
  var recallAt1 = 0.0
  var recallAt5 = 0.0
  var recallAt10 = 0.0
  /// Normalised discounted cumulative gain with binary relevance. Source: Järvelin and Kekäläinen,
  /// TOIS 2002.
  var ndcgAt10 = 0.0
  /// One over the rank of the first relevant hit among ten; 0 if there is none.
  var meanReciprocalRank = 0.0
  /// Without embedding the words.
  var latencyMicrosecondsP50 = 0.0
  var latencyMicrosecondsP99 = 0.0

  /// What is asked, in any mode.
  struct Asked {
    let questions: [RetrievalQuestion]
    /// Embedded beforehand: a model that has just streamed its weights through the processor's caches would
    /// be measured as well.
    let vectors: [[Float]]
    let missingCount: Int

    /// - Parameter embedding: whether there is a mode that needs the model.
    init(
      _ questions: [RetrievalQuestion], of memory: Memory, embedding: Bool
    ) async throws {
      self.questions = questions
      // What was not found among what is named counts: reading it would count as use.
      let named = Set(questions.flatMap(\.relevant))
      missingCount = try await named.count - memory.episodeCount(amongIDs: named.sorted())
      var vectors: [[Float]] = []
      for question in questions {
        vectors.append(embedding ? try await memory.embed(question.query) : [])
      }
      self.vectors = vectors
    }
  }

  static func run(
    _ asked: Asked, mode: RetrievalMode, on memory: Memory
  ) async throws -> RetrievalEvaluation {
    let questions = asked.questions
    var evaluation = RetrievalEvaluation()
    evaluation.mode = mode
    evaluation.missingCount = asked.missingCount
    var latencies: [Double] = []
    // What the first search of a memory reads is not a part of the others.
    if let first = questions.first {
      _ = try await memory.search(request(first, mode: mode), vector: asked.vectors[0])
    }
    let clock = ContinuousClock()
    for (question, vector) in zip(questions, asked.vectors) {
      let start = clock.now
      let hits = try await memory.search(request(question, mode: mode), vector: vector)
      latencies.append((clock.now - start).inSeconds * 1e6)
      evaluation.add(hits: hits.map(\.episode.id), relevant: Set(question.relevant))
    }
    let count = Double(questions.count)
    evaluation.queryCount = questions.count
    evaluation.recallAt1 /= count
    evaluation.recallAt5 /= count
    evaluation.recallAt10 /= count
    evaluation.ndcgAt10 /= count
    evaluation.meanReciprocalRank /= count
    latencies.sort()
    evaluation.latencyMicrosecondsP50 = latencies[latencies.count / 2]
    evaluation.latencyMicrosecondsP99 = latencies[latencies.count * 99 / 100]
    return evaluation
  }

  private static func request(
    _ question: RetrievalQuestion, mode: RetrievalMode
  ) -> SearchRequest {
    var request = SearchRequest(
      question.query, limit: 10, filter: question.filter, mode: mode)
    // An evaluation must not change what a limit evicts next.
    request.isNoted = false
    return request
  }

  private mutating func add(hits: [String], relevant: Set<String>) {
    func recall(_ count: Int) -> Double {
      Double(hits.prefix(count).count(where: relevant.contains)) / Double(relevant.count)
    }
    recallAt1 += recall(1)
    recallAt5 += recall(5)
    recallAt10 += recall(10)
    var gain = 0.0
    for (rank, id) in hits.prefix(10).enumerated() where relevant.contains(id) {
      gain += 1 / log2(Double(rank + 2))
    }
    let ideal = (0..<min(10, relevant.count)).reduce(0.0) { $0 + 1 / log2(Double($1 + 2)) }
    ndcgAt10 += gain / ideal
    if let first = hits.firstIndex(where: relevant.contains) {
      meanReciprocalRank += 1 / Double(first + 1)
    }
  }
}
