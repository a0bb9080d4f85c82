/// What an episode without an `id` or `startTime` gets when it is decoded.
public struct EpisodeDecodingDefaults: Sendable {
  public var id: String
  public var startTime: Timestamp

  public init(id: String, startTime: Timestamp) {
    self.id = id
    self.startTime = startTime
  }

  /// The key under which a decoder's `userInfo` carries the defaults.
  public static let userInfoKey = CodingUserInfoKey(rawValue: "engram.episodeDefaults")!
}

extension Episode: Decodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, namespace, agentID, sessionID, taskType, taskDescription, context, startTime, endTime
    case steps, outcome, reward, reflection, salientFeatures, patternIDs, heuristicIDs
    case appliedPatterns, tags, metadata, checkpoints, location, validFrom, validUntil, supersededBy
  }

  /// The names of the fields in JSON.
  public static var fieldNames: [String] { CodingKeys.allCases.map(\.rawValue) }

  /// Decodes an episode. Only `taskDescription` is required when the decoder's `userInfo` carries
  /// ``EpisodeDecodingDefaults``; `id` and `startTime` are required as well when it does not.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let defaults =
      decoder.userInfo[EpisodeDecodingDefaults.userInfoKey] as? EpisodeDecodingDefaults
    func decode<Value: Decodable>(_ key: CodingKeys, or fallback: Value?) throws -> Value {
      if let fallback {
        return try container.decodeIfPresent(Value.self, forKey: key) ?? fallback
      }
      return try container.decode(Value.self, forKey: key)
    }
    func optional<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
      try container.decodeIfPresent(Value.self, forKey: key)
    }
    let start: Timestamp = try decode(.startTime, or: defaults?.startTime)
    let drafts: [ExecutionStepDraft] = try decode(.steps, or: [])
    self.init(
      id: try decode(.id, or: defaults?.id),
      namespace: try decode(.namespace, or: Episode.defaultNamespace),
      agentID: try optional(.agentID), sessionID: try optional(.sessionID),
      taskType: try decode(.taskType, or: .other),
      taskDescription: try container.decode(String.self, forKey: .taskDescription),
      context: try decode(.context, or: TaskContext()),
      startTime: start, endTime: try optional(.endTime),
      steps: drafts.enumerated().map { $1.step(number: $0 + 1, timestamp: start) },
      outcome: try optional(.outcome), reward: try optional(.reward),
      reflection: try optional(.reflection), salientFeatures: try optional(.salientFeatures),
      patternIDs: try decode(.patternIDs, or: []), heuristicIDs: try decode(.heuristicIDs, or: []),
      appliedPatterns: try decode(.appliedPatterns, or: []), tags: try decode(.tags, or: []),
      metadata: try decode(.metadata, or: [:]), checkpoints: try decode(.checkpoints, or: []),
      location: try optional(.location), validFrom: try optional(.validFrom),
      validUntil: try optional(.validUntil), supersededBy: try optional(.supersededBy))
    for index in checkpoints.indices where checkpoints[index].episode.isEmpty {
      checkpoints[index].episode = id
    }
  }
}
