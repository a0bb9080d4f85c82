/// How hard a task is; rewards scale with it.
public enum TaskComplexity: String, Hashable, Sendable, Codable, CaseIterable {
  case simple, moderate, complex
}
