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
    return table.fitted + "\n\nfile  \(file)" + (isFileThere ? "" : " (not there)")
  }
}
