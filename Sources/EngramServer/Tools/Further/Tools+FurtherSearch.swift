internal import Engram
internal import Episodes

extension Tools {
  package static let searchVector = Tool(
    "search_vector", title: "Search by a vector",
    summary: "Finds the episodes nearest to a vector of the memory's model, nearest first.",
    input: [
      .required("vector", .items(.number(""), 1...65_536), "As embed returns it: of unit length."),
      .optional("limit", .count(1...100), "The most episodes to return; 5 by default."),
      .optional("brief", .flag, "Only ids and similarities, which is faster."),
    ], filters: FilterArguments.fields,
    output: .init(
      "the nearest episodes",
      [
        .required(
          "hits",
          .list(
            of: .object(
              .init(
                "a hit",
                [
                  .required("id", .text), .required("similarity", .number("")),
                  .optional("episode", EpisodeSummary.shape),
                ]))), "Nearest first.")
      ]), hints: .reads, needsModel: .always
  ) { (input: VectorInput, call: ToolCall) async throws -> [String: [VectorHit]] in
    let memory = try await call.memory()
    let filter = try input.filter.filter()
    let limit = input.limit ?? 5
    if input.brief ?? false {
      let matches = try await memory.nearestEpisodes(
        to: input.vector, limit: limit, filter: filter)
      return ["hits": matches.map { VectorHit(id: $0.id, similarity: $0.similarity) }]
    }
    let hits = try await memory.search(vector: input.vector, limit: limit, filter: filter)
    return [
      "hits": hits.map { hit in
        VectorHit(
          id: hit.episode.id, similarity: hit.similarity, episode: EpisodeSummary(hit.episode))
      }
    ]
  }

  package static let embed = Tool(
    "embed", title: "Embed a text",
    summary: "The vector that stands for a text, to search with.",
    input: [.required("text", .text, "At most 10000 characters.")],
    output: .init(
      "an embedding",
      [.required("vector", .items(.number(""), 1...65_536), "Of unit length.")]), hints: .reads,
    needsModel: .always
  ) { (input: EmbedInput, call: ToolCall) async throws -> [String: [Float]] in
    guard input.text.count <= EpisodeLimits.textCharactersMax else {
      throw ValidationError(
        field: "text", problem: "has \(input.text.count) characters",
        expected: "at most \(EpisodeLimits.textCharactersMax)")
    }
    return ["vector": try await call.memory().embed(input.text)]
  }
}
