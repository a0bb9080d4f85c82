internal import Engram
internal import Episodes
internal import Vamana

/// A build of the index that somebody has asked for, as it is now.
struct IndexBuild: Encodable, Sendable {
  enum State: String, Encodable, CaseIterable { case running, done, failed, cancelled }

  var id: String
  var state = State.running
  var startedAt: Timestamp
  var endedAt: Timestamp?
  /// Nil before the first is told.
  var phase: String?
  var completedUnits: Int?
  var totalUnits: Int?
  var report: IndexBuildReport?
  var problem: String?

  init(id: String, startedAt: Timestamp) {
    self.id = id
    self.startedAt = startedAt
  }

  mutating func note(_ progress: BuildProgress) {
    phase = progress.phase.rawValue
    completedUnits = progress.completedUnitCount
    totalUnits = progress.totalUnitCount
  }

  static let fields = JSONShape.Fields(
    "a build of the index",
    [
      .required("id", .text), .required("state", .choice(State.allCases.map(\.rawValue))),
      .required("startedAt", .timestamp), .optional("endedAt", .timestamp),
      .optional("phase", .choice(BuildProgress.Phase.allCases.map(\.rawValue))),
      .optional("completedUnits", .whole, "Of the phase."), .optional("totalUnits", .whole),
      .optional(
        "report",
        .object(
          .init(
            "what was built",
            [
              .required("segmentIDs", .list(of: .whole)), .required("count", .whole),
              .required("dimension", .whole), .required("byteCount", .whole),
              .required("buildSeconds", .number(" of seconds")),
              .required("replacedSegments", .list(of: .whole)),
            ]))),
      .optional("problem", .text, "Why it failed."),
    ])
}
