internal import Vamana

/// The answers to the latest filters: agents ask within the same namespace or project again and again.
struct RecentFilters: Sendable {
  private var answers: [(key: AllowedEpisodes.Key, allowed: AllowedEpisodes)] = []
  private static let countMax = 16
  /// Answers of more embeddings than this are not kept.
  private static let embeddingsMax = 200_000

  func answer(to key: AllowedEpisodes.Key) -> AllowedEpisodes? {
    answers.first { $0.key == key }?.allowed
  }

  mutating func keep(_ allowed: AllowedEpisodes, for key: AllowedEpisodes.Key) {
    guard allowed.records.count <= Self.embeddingsMax else { return }
    answers.removeAll { $0.key.state != key.state || $0.key == key }
    answers.append((key, allowed))
    if answers.count > Self.countMax { answers.removeFirst() }
  }
}
