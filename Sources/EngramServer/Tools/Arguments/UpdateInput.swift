internal import Episodes

/// What an episode says anew.
struct UpdateInput: Decodable {
  var episodeID: String
  var taskDescription: String?
  var taskType: TaskType?
  var context: TaskContext?
  var tags: [Tag]?
  var metadata: [String: String]?
  var removedMetadata: [String]?
  var agentID: String?
  var sessionID: String?
  var validFrom: Timestamp?
  var validUntil: Timestamp?
  var supersededBy: String?
  // Of programs: see `furtherFields`.
  var location: Location?
  var cleared: [Clearable]?

  /// A field that can be taken away.
  enum Clearable: String, Decodable, CaseIterable {
    case agentID, sessionID, location, validFrom, validUntil
  }

  /// - Throws: `ValidationError` for a field that is set and taken away.
  func changes() throws(ValidationError) -> EpisodeChanges {
    EpisodeChanges(
      taskDescription: taskDescription, taskType: taskType, context: context, tags: tags,
      metadata: metadata ?? [:], removedMetadata: Set(removedMetadata ?? []),
      agentID: try change(.agentID, agentID), sessionID: try change(.sessionID, sessionID),
      location: try change(.location, location), validFrom: try change(.validFrom, validFrom),
      validUntil: try change(.validUntil, validUntil))
  }

  private func change<Value: Hashable & Sendable>(
    _ field: Clearable, _ value: Value?
  ) throws(ValidationError) -> FieldChange<Value> {
    guard cleared?.contains(field) ?? false else { return value.map { .set($0) } ?? .keep }
    guard value == nil else {
      throw ValidationError(
        field: "cleared", problem: "has '\(field.rawValue)', which is set as well",
        expected: "one of both")
    }
    return .clear
  }

  /// What programs can change besides.
  static let furtherFields: [JSONShape.Field] = [
    .optional("location", EpisodeShape.location, "Where it was done."),
    .optional(
      "cleared", .list(of: .choice(Clearable.allCases.map(\.rawValue))), "What is taken away."),
  ]
}
