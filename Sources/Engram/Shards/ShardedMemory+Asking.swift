internal import Platform

extension ShardedMemory {
  /// Asks all shards at once, each for no longer than ``shardSecondsMax``.
  ///
  /// - Returns: what each said, in the order of their names; an error with code `storeAway` for one that took longer.
  package func askAll<Value: Sendable>(
    _ body: @escaping @Sendable (_ shard: String, Memory) async throws -> Value
  ) async -> [(shard: String, answer: Result<Value, EngramError>)] {
    let end = ContinuousClock.now + .seconds(shardSecondsMax)
    let answers = await ask(shards, shard: \.self, until: end) { memory, shard in
      try await body(shard, memory)
    }
    return answers.map { ($0.0, $0.1.mapError { EngramError($0) }) }
  }

  /// Asks shards at once, each for no longer than up to a moment.
  ///
  /// - Parameter shard: which one each question is for.
  func ask<Question: Sendable, Value: Sendable>(
    _ questions: [Question], shard: @escaping @Sendable (Question) -> String,
    until end: ContinuousClock.Instant,
    _ body: @escaping @Sendable (Memory, Question) async throws -> Value
  ) async -> [(Question, Result<Value, any Error>)] {
    let seconds = max(0, (end - .now).inSeconds)
    return await withTaskGroup(of: (Int, Result<Value, any Error>).self) { group in
      for (place, question) in questions.enumerated() {
        group.addTask { [self] in
          let result = await Deadline.run(secondsMax: seconds) {
            try await body(try await self.memory(ofShard: shard(question)), question)
          }
          let late = EngramError(
            code: .storeAway, message: "it has not answered within \(seconds) s")
          return (place, result ?? .failure(late))
        }
      }
      var answers: [Result<Value, any Error>?] = Array(repeating: nil, count: questions.count)
      for await (place, result) in group { answers[place] = result }
      return zip(questions, answers).compactMap { question, answer in answer.map { (question, $0) }
      }
    }
  }
}
