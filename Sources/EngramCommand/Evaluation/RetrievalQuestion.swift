internal import Episodes
internal import Foundation

/// A question and the episodes that answer it.
struct RetrievalQuestion: Decodable {
  struct Filter: Decodable {
    var domain: String?
    var taskType: TaskType?
    var tag: Tag?
  }

  var query: String
  var relevant: [String]
  var filter: Filter?

  var episodeFilter: EpisodeFilter {
    EpisodeFilter(
      domain: filter?.domain, taskType: filter?.taskType,
      tagsAll: filter?.tag.map { [$0] } ?? [])
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
        let problem = (error as? CommandFailure)?.message ?? "is not a question"
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
