internal import ArgumentParser
internal import Engram

/// Where a memory is: its home folder, and its durable store where that is in a database elsewhere.
///
/// No option takes a token: every user of a machine can see the arguments of a program.
struct HomeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The home folder. Default: ENGRAM_HOME, else engram in the XDG data folder.",
      valueName: "folder"))
  var home: String?

  @Option(
    name: .customLong("database-url"),
    help: ArgumentHelp(
      "The durable store in a database elsewhere: libsql://HOST. Default: ENGRAM_DATABASE_URL, else a file "
        + "in the home folder.", valueName: "url"))
  var databaseURL: String?

  @Option(
    name: .customLong("auth-token-file"),
    help: ArgumentHelp(
      "A file with the token of that database, which only its owner may read. There is no option for the "
        + "token itself, which every user of the machine could see. Default: ENGRAM_AUTH_TOKEN_FILE, or the "
        + "token in ENGRAM_AUTH_TOKEN.", valueName: "file"))
  var authTokenFile: String?

  @Option(
    name: .customLong("sync-staleness"),
    help: ArgumentHelp(
      "In which searches do not ask that database again for news; 0: each asks. Default: "
        + "ENGRAM_SYNC_STALENESS, else 1.", valueName: "seconds"))
  var syncStaleness: String?

  func validate() throws {
    // An unset shell variable must not make a memory of the working folder, or use the file in place of a database.
    for (name, value, expected) in [
      ("home", home, "a folder"), ("database-url", databaseURL, "libsql://HOST"),
      ("auth-token-file", authTokenFile, "a file"), ("sync-staleness", syncStaleness, "seconds"),
    ] where value?.isEmpty ?? false {
      throw ArgumentParser.ValidationError("--\(name) is empty; expected \(expected)")
    }
  }

  /// What is set by them, by the names of settings.
  var values: [String: String] {
    [
      SettingKey.home.name: home, SettingKey.databaseURL.name: databaseURL,
      SettingKey.authTokenFile.name: authTokenFile, SettingKey.syncStaleness.name: syncStaleness,
    ].compactMapValues(\.self)
  }

  /// What is set, the options included.
  ///
  /// - Parameter more: other options of the command, by the names of settings.
  func settings(with more: [String: String] = [:]) throws -> Settings {
    let values = values.merging(more) { $1 }
    return values.isEmpty ? try .current() : try Settings(options: values)
  }

  /// The options as another program is to give them, which may be started in another folder.
  ///
  /// - Throws: ``CommandFailure`` for a value that cannot be.
  func arguments(in environment: [String: String]) throws -> [String] {
    for key in [SettingKey.databaseURL, .syncStaleness] {
      guard let value = values[key.name], !key.isValid(value) else { continue }
      let shown = key.mayHoldSecret ? "…" : value
      throw CommandFailure(
        "\(key.option) is '\(shown)'; expected \(key.expected)", status: .usage)
    }
    var arguments: [String] = []
    for (key, isPath) in [
      (SettingKey.home, true), (.databaseURL, false), (.authTokenFile, true),
      (.syncStaleness, false),
    ] {
      guard let value = values[key.name] else { continue }
      let path =
        isPath ? Home(path: UserPath.expanded(value, environment: environment)).path : value
      arguments += [key.option, path]
    }
    return arguments
  }
}
