/// Where the value of a setting comes from; the first that has one counts.
enum SettingSource: String, Hashable, Sendable, CaseIterable, Encodable {
  /// An option on the command line.
  case option
  /// A variable `ENGRAM_…` of the environment.
  case environment
  /// The configuration file.
  case file
  case `default`
}

extension SettingSource: Comparable {
  /// Whether the one counts before the other.
  static func < (left: SettingSource, right: SettingSource) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
