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

  var changes: EpisodeChanges {
    EpisodeChanges(
      taskDescription: taskDescription, taskType: taskType, context: context, tags: tags,
      metadata: metadata ?? [:], removedMetadata: Set(removedMetadata ?? []),
      agentID: agentID.map { .set($0) } ?? .keep, sessionID: sessionID.map { .set($0) } ?? .keep,
      validFrom: validFrom.map { .set($0) } ?? .keep,
      validUntil: validUntil.map { .set($0) } ?? .keep)
  }
}
