package import Episodes

/// The numbers of the fields in `engram_cache.proto`, for who writes messages without an episode at hand.
package enum EpisodeMessageFields {
  package static let id = 1
  package static let namespace = 2
  package static let agentID = 3
  package static let sessionID = 4
  package static let taskType = 5
  package static let taskDescription = 6
  package static let context = 7
  package static let startTime = 8
  package static let endTime = 9
  package static let steps = 10
  package static let success = 11
  package static let partialSuccess = 12
  package static let failure = 13
  package static let abstained = 14
  package static let reward = 15
  package static let reflection = 16
  package static let salientFeatures = 17
  package static let patternIDs = 18
  package static let heuristicIDs = 19
  package static let tags = 21
  package static let metadata = 22
  package static let location = 24
  package static let validFrom = 25
  package static let validUntil = 26
  package static let supersededBy = 27

  package static func number(of type: TaskType) -> Int64 { Int64(WireTaskType(type).rawValue) }

  package static func number(of complexity: TaskComplexity) -> Int64 {
    Int64(WireTaskComplexity(complexity).rawValue)
  }

  /// The deepest nesting of parameters that the cache reads.
  package static let parameterDepthMax = JSONText.depthMax
}
