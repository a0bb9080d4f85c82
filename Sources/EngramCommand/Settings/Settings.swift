internal import Configuration
internal import Engram
internal import Foundation

/// What is set, by one precedence: options, the environment (`ENGRAM_…`), the configuration file, defaults.
struct Settings: Sendable {
  let file: SettingsFile
  let environment: [String: String]
  /// Nil where all namespaces are in one database.
  let shards: ShardSettings?
  private let readers: [(source: SettingSource, reader: ConfigReader)]

  /// - Parameter options: what the command line says, by the names of settings.
  /// - Throws: ``CommandFailure`` for a file that cannot be read, or a value that cannot be.
  init(
    options: [String: String] = [:],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    // A variable that is empty is not set.
    let environment = environment.filter { !$0.value.isEmpty }
    try self.init(
      options: options, environment: environment,
      file: SettingsFile(path: SettingsFile.path(in: environment)))
  }

  init(options: [String: String], environment: [String: String], file: SettingsFile) throws {
    self.file = file
    self.environment = environment
    func provider(_ values: [String: String], _ name: String) -> InMemoryProvider {
      InMemoryProvider(
        name: name,
        values: Dictionary(
          uniqueKeysWithValues: values.map {
            (
              AbsoluteConfigKey($0.key.split(separator: ".").map(String.init)),
              ConfigValue(.string($0.value), isSecret: false)
            )
          }))
    }
    readers = [
      (.option, ConfigReader(provider: provider(options, "options"))),
      (
        .environment,
        ConfigReader(
          provider: EnvironmentVariablesProvider(environmentVariables: environment)
            .prefixKeys(with: "engram"))
      ),
      (.file, ConfigReader(provider: provider(file.values, "file"))),
    ]
    shards = try ShardSettings(file)
    for key in SettingKey.all { try check(key) }
  }

  /// The value of a setting and where it is from; nil where nothing sets it.
  func found(_ key: SettingKey) -> (value: String, source: SettingSource)? {
    for (source, reader) in readers {
      if let value = reader.string(forKey: ConfigKey(key.name), isSecret: key.isSecret) {
        return (value, source)
      }
    }
    return nil
  }

  /// The value of a setting; nil where nothing sets it.
  subscript(_ key: SettingKey) -> String? { found(key)?.value }

  private func check(_ key: SettingKey) throws {
    guard let (value, source) = found(key), !key.isValid(value) else { return }
    let place =
      switch source {
      case .option: key.option
      case .environment: key.variable
      case .file, .default: "\(file.path): \(key.name)"
      }
    throw CommandFailure(
      "\(place) is '\(key.isSecret || key.mayHoldSecret ? "…" : value)'; expected \(key.expected)",
      status: source == .file ? .badData : .usage)
  }

  /// The home folder.
  var home: Home {
    self[.home].map { Home(path: UserPath.expanded($0, environment: environment)) } ?? .standard()
  }

  /// Where commands look that are not told.
  var namespace: String { self[.namespace] ?? SettingKey.namespace.usual }

  /// The token of a database elsewhere, and the file with it: of the two the one that counts. What stands before in
  /// the order of sources does; of one source the token itself.
  var authToken: (token: String?, file: String?) {
    let (token, file) = (found(.authToken), found(.authTokenFile))
    guard let token else { return (nil, authTokenFile) }
    guard let file, file.source < token.source else { return (token.value, nil) }
    return (nil, authTokenFile)
  }

  /// The file with the token of a database elsewhere.
  var authTokenFile: String? {
    self[.authTokenFile].map { UserPath.expanded($0, environment: environment) }
  }

  /// The folder of the model; nil for that of the library.
  var modelFolder: String? {
    self[.modelFolder].map { UserPath.expanded($0, environment: environment) }
  }
}
