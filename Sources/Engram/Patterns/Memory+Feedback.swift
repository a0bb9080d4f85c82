public import DurableStore
public import Episodes

extension Memory {
  /// Records what using a recommended pattern did. Said again it replaces what was said before.
  ///
  /// While the episode of the recommendation is unfinished the pattern becomes one of those that it applied,
  /// and counts when something is learned from the episode; otherwise it counts at once. Said again after
  /// the episode was completed, it replaces what was counted with it.
  ///
  /// - Parameters:
  ///   - patternID: one of the patterns that were recommended.
  ///   - recommendationID: from ``recommend(_:)``.
  /// - Throws: ``EngramError``: `notFound` for a recommendation that is not known, or a pattern that was not
  ///   part of it.
  public func recordFeedback(
    _ effect: AppliedPattern.Effect, on patternID: String, in recommendationID: String
  ) async throws(EngramError) {
    try await engramErrors {
      var attempts = 0
      while true {
        guard let record = try await store.recommendation(id: recommendationID) else {
          throw EngramError(
            code: .notFound, message: "there is no recommendation '\(recommendationID)'")
        }
        guard let item = record.items.first(where: { $0.patternID == patternID }) else {
          throw EngramError(
            code: .notFound,
            message:
              "the recommendation '\(recommendationID)' has no pattern '\(patternID)'; it has "
              + (record.items.isEmpty
                ? "none" : record.items.map(\.patternID).joined(separator: ", ")))
        }
        if item.effect == effect { return }
        do {
          return try await store.recordFeedback(
            recommendation: recommendationID, pattern: patternID, effect: effect,
            replacing: item.effect, at: configuration.now())
        } catch DurableStoreError.changedMeanwhile where attempts < 20 {
          attempts += 1
        }
      }
    }
    await syncAfterWrite()
  }

  /// What was recommended, and the feedback on it; nil if there is no such recommendation.
  public func recommendation(id: String) async throws(EngramError) -> RecommendationRecord? {
    try await engramErrors { try await store.recommendation(id: id) }
  }
}
