internal import Engram
internal import Episodes

/// How good the patterns are that are recommended for tasks whose episodes are known.
struct RecommendationEvaluation: Encodable {
  var taskCount = 0
  /// The share of the tasks for which anything is recommended.
  var answered = 0.0
  /// The share of the recommended patterns that a relevant episode shows.
  var precision = 0.0
  /// The same of the first one of each answer.
  var precisionAt1 = 0.0
  /// The share of all tasks with a right pattern.
  var hits = 0.0
  var offTopicCount = 0
  /// The share of the tasks off topic for which anything is recommended.
  var offTopicAnswered = 0.0

  private static let limit = 5

  static func run(
    _ questions: [RetrievalQuestion], offTopic: [String], likenessMin: Double, on memory: Memory
  ) async throws -> RecommendationEvaluation {
    var evaluation = RecommendationEvaluation()
    evaluation.taskCount = questions.count
    evaluation.offTopicCount = offTopic.count
    var (answered, shown, right, rightFirst, hits) = (0, 0, 0, 0, 0)
    func patterns(for task: String) async throws -> [Pattern] {
      var request = PatternRequest(task, limit: limit)
      request.likenessMin = likenessMin
      return try await memory.recommend(request, remembering: false).patterns.map(\.pattern)
    }
    for question in questions {
      let relevant = Set(question.relevant)
      let areRight = try await patterns(for: question.query).map {
        $0.evidence.contains(where: relevant.contains)
      }
      guard let first = areRight.first else { continue }
      answered += 1
      shown += areRight.count
      right += areRight.count { $0 }
      rightFirst += first ? 1 : 0
      hits += areRight.contains(true) ? 1 : 0
    }
    func share(_ part: Int, of whole: Int) -> Double {
      whole == 0 ? 0 : Double(part) / Double(whole)
    }
    evaluation.answered = share(answered, of: questions.count)
    evaluation.precision = share(right, of: shown)
    evaluation.precisionAt1 = share(rightFirst, of: answered)
    evaluation.hits = share(hits, of: questions.count)
    var answeredOffTopic = 0
    for task in offTopic where try await !patterns(for: task).isEmpty { answeredOffTopic += 1 }
    evaluation.offTopicAnswered = share(answeredOffTopic, of: offTopic.count)
    return evaluation
  }
}
