/// What is asked of `list_episodes`.
struct ListInput: Decodable {
  var limit: Int?
  var cursor: String?
  var onlyUnfinished: Bool?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case limit, cursor, onlyUnfinished }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    cursor = try container.decodeIfPresent(String.self, forKey: .cursor)
    onlyUnfinished = try container.decodeIfPresent(Bool.self, forKey: .onlyUnfinished)
    filter = try FilterArguments(from: decoder)
  }
}
