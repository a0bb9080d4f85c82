/// Whether every pattern has an embedding, as far as this process knows: a search need not look then.
struct PatternEmbeddingState {
  /// How often patterns have come or got other words.
  private(set) var changeCount = 0
  /// What the count was when all were embedded last.
  private var embeddedCount: Int?

  var isEmbedded: Bool { embeddedCount == changeCount }

  mutating func changed() { changeCount += 1 }

  /// Notes that all were embedded that were there when the count was `count`.
  mutating func embedded(at count: Int) { embeddedCount = max(embeddedCount ?? count, count) }
}
