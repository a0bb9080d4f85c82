/// The kinds of records whose changes are logged and whose ids errors name.
public enum RecordKind: String, Hashable, Sendable, Codable, CaseIterable {
  case episode, pattern, heuristic, embedding, relationship, checkpoint, segment
}
