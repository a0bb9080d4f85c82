internal import Episodes
internal import Foundation

/// A question and the episodes that answer it.
struct RetrievalQuestion: Decodable {
  var query: String
  var relevant: [String]
  var filter: EpisodeFilter

  private enum CodingKeys: String, CodingKey { case query, relevant, filter }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    query = try container.decode(String.self, forKey: .query)
    relevant = try container.decode([String].self, forKey: .relevant)
    filter =
      try container.decodeIfPresent(QuestionFilter.self, forKey: .filter)?.filter
      ?? EpisodeFilter()
  }

  /// At most so many of the questions, taken evenly: files begin with questions of one kind.
  static func sample(_ questions: [RetrievalQuestion], countMax: Int) -> [RetrievalQuestion] {
    guard questions.count > countMax else { return questions }
    return (0..<countMax).map { questions[$0 * questions.count / countMax] }
  }

  /// Reads a file of one question a line.
  ///
  /// - Throws: ``CommandFailure`` naming the line, or ``FileError``.
  static func read(path: String) throws -> [RetrievalQuestion] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure("\(path): cannot be read", status: .missingInput)
    }
    var questions: [RetrievalQuestion] = []
    for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
      do {
        let question = try JSONDecoder().decode(RetrievalQuestion.self, from: Data(line))
        guard !question.relevant.isEmpty else {
          throw CommandFailure("'relevant' names no episode", status: .badData)
        }
        questions.append(question)
      } catch {
        let problem =
          (error as? CommandFailure)?.message ?? (error as? ValidationError)?.description
          ?? "is not a question"
        throw CommandFailure(
          "\(path): line \(index + 1): \(problem); expected {\"query\": \"…\", \"relevant\": [\"id\"]}",
          status: .badData)
      }
    }
    guard !questions.isEmpty else {
      throw CommandFailure("\(path): holds no question", status: .badData)
    }
    return questions
  }
}
