/// What is asked of `search_vector`.
struct VectorInput: Decodable {
  var vector: [Float]
  var limit: Int?
  var brief: Bool?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case vector, limit, brief }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    vector = try container.decode([Float].self, forKey: .vector)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    brief = try container.decodeIfPresent(Bool.self, forKey: .brief)
    filter = try FilterArguments(from: decoder)
  }
}
