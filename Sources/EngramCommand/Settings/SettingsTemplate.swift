/// The configuration file that `engram config init` writes: every setting, as a comment.
enum SettingsTemplate {
  static var text: String {
    var lines = [
      "# Settings of engram. An option on the command line and a variable of the environment count before",
      "# this file; 'engram config show' says where each value comes from.",
    ]
    var table = ""
    for key in SettingKey.all {
      let parts = key.name.split(separator: ".").map(String.init)
      let folder = parts.dropLast().joined(separator: ".")
      if folder != table {
        table = folder
        lines += ["", "[\(folder)]"]
      }
      lines += [
        "", "# \(key.summary); default: \(key.usual) (\(key.variable))",
        "# \(parts.last ?? key.name) = \(example(of: key))",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// A value as TOML writes it.
  private static func example(of key: SettingKey) -> String {
    if Double(key.usual) != nil { return key.usual }
    switch key.name {
    case SettingKey.home.name: return "\"~/memory\""
    case SettingKey.modelFolder.name: return "\"~/models/all-MiniLM-L6-v2\""
    case SettingKey.databaseURL.name: return "\"libsql://memory.example\""
    case SettingKey.authToken.name: return "\"TOKEN\""
    case SettingKey.authTokenFile.name: return "\"~/engram.token\""
    case SettingKey.kernels.name: return "\"avx2\""
    case SettingKey.httpCertificate.name: return "\"~/tls/certificate.pem\""
    case SettingKey.httpKey.name: return "\"~/tls/key.pem\""
    case SettingKey.cacheTTL.name: return "86400"
    default: return "\"\(key.usual)\""
    }
  }
}
