internal import DurableStore
internal import Episodes

/// What is asked of `get_analytics`.
struct AnalyticsInput: Decodable {
  var interval: EpisodeAnalytics.Interval?
  var limit: Int?
  var filter: FilterArguments

  private enum CodingKeys: String, CodingKey { case interval, limit }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    interval = try container.decodeIfPresent(EpisodeAnalytics.Interval.self, forKey: .interval)
    limit = try container.decodeIfPresent(Int.self, forKey: .limit)
    filter = try FilterArguments(from: decoder)
  }
}
