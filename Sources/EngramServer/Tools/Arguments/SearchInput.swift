internal import Engram
internal import Episodes

/// What is asked of `search_memory`.
struct SearchInput: Decodable {
  var query: String
  var limit: Int?
  var mode: RetrievalMode?
  var diversity: Double?
  var explain: Bool?
  // Of programs: see `furtherFields`.
  var context: TaskContext?
  var weights: [String: Double?]?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey {
    case query, limit, mode, diversity, explain, context, weights
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    query = try container.decode(String.self, forKey: .query)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    mode = try container.decodeIfPresent(RetrievalMode.self, forKey: .mode)
    diversity = try container.decodeIfPresent(Double.self, forKey: .diversity)
    explain = try container.decodeIfPresent(Bool.self, forKey: .explain)
    context = try container.decodeIfPresent(TaskContext.self, forKey: .context)
    weights = try container.decodeIfPresent([String: Double?].self, forKey: .weights)
    filter = try FilterArguments(from: decoder)
  }

  /// The weights of a search: those that are named, and the memory's own.
  ///
  /// - Returns: nil where none is named.
  func weights(beside own: RetrievalWeights) throws -> RetrievalWeights? {
    guard let weights = weights?.compactMapValues({ $0 }), !weights.isEmpty else { return nil }
    let fields = try JSONValueEncoder.value(of: own).fields ?? [:]
    let merged = fields.merging(weights.mapValues { .number($0) }) { $1 }
    return try RetrievalWeights(from: JSONValueDecoder(.object(merged)))
  }

  /// What programs can ask besides.
  static let furtherFields: [JSONShape.Field] = [
    .optional(
      "context", EpisodeShape.context, "Where the asker works: episodes of the like are preferred."),
    .optional(
      "weights",
      .object(
        .init(
          "weights",
          [
            "semantic", "text", "neighbors", "session", "substance", "recency", "reward",
            "context", "effectiveness",
          ].map { .optional($0, .bounded(0...1000, "")) })),
      "What a part of a score counts, in the place of the server's own; each from 0 to 1000."),
  ]
}
