internal import Episodes

/// How much a memory holds, and how it is.
struct StatusOutput: Encodable {
  var home = ""
  /// Nil where there are none.
  var shard: String?
  var model: String
  /// Counts are nil while the store is away.
  var episodes: Int?
  var steps: Int?
  var patterns: Int?
  var heuristics: Int?
  var storeBytes: Int?
  var cachedEpisodes: Int?
  var indexSegments: Int?
  var unsyncedChanges: Int?
  /// A sentence for each.
  var problems: [String] = []

  init(model: ModelState) {
    self.model = model.name
    if case .failed(let problem) = model {
      problems.append("the embedding model cannot be used: \(problem)")
    }
  }

  static let fields = JSONShape.Fields(
    "the state of the memory",
    [
      .required("home", .text, "The folder that holds it."),
      .optional("shard", .text, "Which of several shards this is; absent where there are none."),
      .required(
        "model", .choice(["loading", "ready", "failed"]),
        "The embedding model; until it is ready searches go by words alone."),
      .optional("episodes", .whole), .optional("steps", .whole), .optional("patterns", .whole),
      .optional("heuristics", .whole), .optional("storeBytes", .whole),
      .optional("cachedEpisodes", .whole), .optional("indexSegments", .whole),
      .optional(
        "unsyncedChanges", .whole, "Changes of the store that the cache does not have yet."),
      .required("problems", .list(of: .text), "Empty when all is well."),
    ])
}
