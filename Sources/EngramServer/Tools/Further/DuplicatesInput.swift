internal import Episodes

/// What is asked of `find_duplicates`.
struct DuplicatesInput: Decodable {
  var threshold: Double?
  var limit: Int?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case threshold, limit }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    threshold = try container.decodeIfPresent(Double.self, forKey: .threshold)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    filter = try FilterArguments(from: decoder)
  }
}
