internal import Episodes

/// Which episodes go for good, by what they are.
struct MatchingInput: Decodable {
  var all: Bool?
  var confirm: Bool?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case all, confirm }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    all = try container.decodeIfPresent(Bool.self, forKey: .all)
    confirm = try container.decodeIfPresent(Bool.self, forKey: .confirm)
    filter = try FilterArguments(from: decoder)
  }
}
