internal import Engram
internal import Episodes

/// What is asked of `search_memory`.
struct SearchInput: Decodable {
  var query: String
  var limit: Int?
  var mode: RetrievalMode?
  var diversity: Double?
  var explain: Bool?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case query, limit, mode, diversity, explain }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    query = try container.decode(String.self, forKey: .query)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    mode = try container.decodeIfPresent(RetrievalMode.self, forKey: .mode)
    diversity = try container.decodeIfPresent(Double.self, forKey: .diversity)
    explain = try container.decodeIfPresent(Bool.self, forKey: .explain)
    filter = try FilterArguments(from: decoder)
  }
}
