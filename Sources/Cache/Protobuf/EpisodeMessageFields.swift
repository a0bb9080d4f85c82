public import Episodes

/// The numbers of the fields in `engram_cache.proto`, for who writes messages without an episode at hand.
public enum EpisodeMessageFields {
  public static let id = 1
  public static let namespace = 2
  public static let agentID = 3
  public static let sessionID = 4
  public static let taskType = 5
  public static let taskDescription = 6
  public static let context = 7
  public static let startTime = 8
  public static let endTime = 9
  public static let steps = 10
  public static let success = 11
  public static let partialSuccess = 12
  public static let failure = 13
  public static let abstained = 14
  public static let reward = 15
  public static let reflection = 16
  public static let salientFeatures = 17
  public static let patternIDs = 18
  public static let heuristicIDs = 19
  public static let tags = 21
  public static let metadata = 22
  public static let location = 24
  public static let validFrom = 25
  public static let validUntil = 26
  public static let supersededBy = 27

  public static func number(of type: TaskType) -> Int64 { Int64(WireTaskType(type).rawValue) }

  public static func number(of complexity: TaskComplexity) -> Int64 {
    Int64(WireTaskComplexity(complexity).rawValue)
  }

  /// The deepest nesting of parameters that the cache reads.
  public static let parameterDepthMax = JSONText.depthMax
}
