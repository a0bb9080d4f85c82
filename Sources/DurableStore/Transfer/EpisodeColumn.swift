/// The columns of an episode as they are handed to an ``EpisodeRowSink``.
package enum EpisodeColumn {
  package static let rowID = 0
  package static let id = 1
  package static let namespace = 2
  package static let agentID = 3
  package static let sessionID = 4
  package static let taskType = 5
  package static let taskDescription = 6
  package static let domain = 7
  package static let language = 8
  package static let framework = 9
  package static let complexity = 10
  package static let contextTags = 11
  package static let startTime = 12
  package static let endTime = 13
  package static let outcomeKind = 14
  package static let outcome = 15
  /// The first of six.
  package static let reward = 16
  package static let reflection = 22
  package static let salientFeatures = 23
  package static let patternIDs = 24
  package static let heuristicIDs = 25
  package static let appliedPatterns = 26
  package static let tags = 27
  package static let metadata = 28
  package static let latitude = 29
  package static let longitude = 30
  package static let validFrom = 31
  package static let validUntil = 32
  package static let supersededBy = 33
  static let count = 34
}
