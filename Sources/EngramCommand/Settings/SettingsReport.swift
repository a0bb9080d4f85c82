internal import Engram

/// What every setting is, and why.
struct SettingsReport: Encodable {
  struct Line: Encodable {
    var name: String
    var variable: String
    /// Never that of a secret.
    var value: String
    var source: SettingSource
    var summary: String
  }

  /// The configuration file.
  var file: String
  var isFileThere: Bool
  var settings: [Line]
  /// Where the file names some.
  var shards: [ShardLine]?

  struct ShardLine: Encodable {
    var shard: String
    var place: String
    /// Where its token is; the token itself is never shown.
    var tokenFile: String?
    /// Namespaces that are named for it.
    var namespaces: [String]
    /// Whether it takes a part of those that are not named.
    var isSpread: Bool
  }

  init(_ settings: Settings) {
    file = settings.file.path
    isFileThere = settings.file.exists
    self.settings = SettingKey.all.map { key in
      let found = settings.found(key)
      let value =
        found?.value ?? (key.name == SettingKey.home.name ? settings.home.path : key.usual)
      return Line(
        name: key.name, variable: key.variable, value: key.isSecret ? "(not shown)" : value,
        source: found?.source ?? .default, summary: key.summary)
    }
    shards = settings.shards.map { shards in
      shards.names.map { shard in
        ShardLine(
          shard: shard, place: shards.place(of: shard), tokenFile: shards.tokenFile(of: shard),
          namespaces: shards.map.named.filter { $0.value == shard }.keys.sorted(),
          isSpread: shards.map.spread.contains(shard))
      }
    }
  }

  var text: String {
    var table = TextTable(["setting", "value", "from"])
    for line in settings {
      let source =
        switch line.source {
        case .option: "option"
        case .environment: line.variable
        case .file: "file"
        case .default: "default"
        }
      table.append([line.name, TerminalText.printable(line.value), source])
    }
    return table.fitted + shardText + "\n\nfile  \(file)" + (isFileThere ? "" : " (not there)")
  }

  private var shardText: String {
    guard let shards else { return "" }
    var table = TextTable(["shard", "place", "token file", "namespaces"])
    for line in shards {
      let others = line.isSpread ? ["those not named"] : []
      table.append(
        [
          line.shard, line.place, line.tokenFile ?? "none",
          (line.namespaces + others).joined(separator: ", "),
        ].map(TerminalText.printable))
    }
    return "\n\n" + table.fitted + "\n'engram doctor' asks each of them"
  }
}
