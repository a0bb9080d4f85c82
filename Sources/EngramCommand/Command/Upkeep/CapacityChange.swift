internal import Engram

/// Limits that were set, or would be, and what that means.
struct CapacityChange: Encodable {
  var report: CapacityReport
  /// How many episodes are over the limits.
  var over: Int
  var isDryRun: Bool

  private enum CodingKeys: String, CodingKey { case over, isDryRun }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(over, forKey: .over)
    try container.encode(isDryRun, forKey: .isDryRun)
  }

  var text: String {
    let table = CapacityShowCommand.text(of: report)
    if over == 0 { return table }
    let episodes = UpkeepText.count(over, "episode")
    let verb = over == 1 ? "is" : "are"
    return table
      + (isDryRun
        ? "\n\(episodes) would be over the limit: the next write would delete as many, and a few more"
        : "\n\(episodes) \(verb) over the limit: the next write deletes as many, and a few more; "
          + "'engram capacity enforce --dry-run' lists them")
  }
}
