/// What kind of work a task is.
public enum TaskType: String, Hashable, Sendable, Codable, CaseIterable {
  case codeGeneration, debugging, refactoring, testing, analysis, documentation, other
}
