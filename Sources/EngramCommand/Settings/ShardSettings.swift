internal import DurableStore
internal import Engram
internal import Episodes
internal import RemoteStore

/// The table `[shards]` of the configuration file: databases, and which namespace is in which.
///
/// ```toml
/// [shards]
/// spread = "east, west"                # of namespaces that are not named; default: all shards
///
/// [shards.url]
/// east = "libsql://east.example"
/// west = "https://west.example"
/// archive = "local"                    # a file of this machine, in the home folder
///
/// [shards.tokenFile]
/// east = "~/east.token"
///
/// [shards.namespace]
/// team-2019 = "archive"
/// ```
struct ShardSettings: Sendable {
  static let prefix = "shards."
  private static let tables = ["url.", "tokenFile.", "namespace."]
  private static let local = "local"

  let map: ShardMap
  /// By shard; nil for a file in the home folder.
  private let urls: [String: DatabaseURL?]
  private let tokenFiles: [String: String]

  static func isName(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let rest = name.dropFirst(prefix.count)
    return rest == "spread" || tables.contains { rest.hasPrefix($0) && rest.count > $0.count }
  }

  /// - Returns: nil where the file names no shards.
  /// - Throws: ``CommandFailure`` that names what is wrong.
  init?(_ file: SettingsFile) throws {
    if file.shards.isEmpty { return nil }
    func failure(_ problem: String) -> CommandFailure {
      CommandFailure("\(file.path): \(problem)", status: .badData)
    }
    func table(_ name: String) -> [String: String] {
      var found: [String: String] = [:]
      for (key, value) in file.shards where key.hasPrefix(name) {
        found[String(key.dropFirst(name.count))] = value
      }
      return found
    }
    let texts = table("url.")
    guard !texts.isEmpty else {
      throw failure("shards.url is missing; expected the database of each shard")
    }
    var urls: [String: DatabaseURL?] = [:]
    for (shard, text) in texts {
      do throws(RemoteStoreError) {
        urls[shard] = .some(text == Self.local ? nil : try DatabaseURL(text))
      } catch {
        throw failure("shards.url.\(shard): \(error), or \"local\" for a file in the home folder")
      }
    }
    let (namespaces, tokenFiles) = (table("namespace."), table("tokenFile."))
    let spread =
      file.shards["spread"].map {
        $0.split { $0 == "," || $0.isWhitespace }.map(String.init)
      } ?? texts.keys.sorted()
    for (place, shard) in namespaces.map({ ("shards.namespace.\($0)", $1) })
      + spread.map({ ("shards.spread", $0) }) + tokenFiles.keys.map({ ("shards.tokenFile", $0) })
    where texts[shard] == nil {
      throw failure(
        "\(place): there is no shard '\(shard)'; expected one of "
          + texts.keys.sorted().joined(separator: ", "))
    }
    do throws(ValidationError) {
      map = try ShardMap(named: namespaces, spread: spread)
      // Names of shards that nothing is given to are checked as well.
      _ = try ShardMap(spread: Array(texts.keys))
    } catch {
      throw failure("\(error)")
    }
    self.urls = urls
    self.tokenFiles = tokenFiles
  }

  /// The names, in their order.
  var names: [String] { urls.keys.sorted() }

  /// Where a shard is, as people read it.
  func place(of shard: String) -> String { urls[shard].flatMap { $0?.text } ?? Self.local }

  /// The file with the token of a shard, as the configuration file spells it; nil for none.
  func tokenFile(of shard: String) -> String? { tokenFiles[shard] }

  /// What a server that serves one namespace's shard says of it.
  func served(_ namespace: String) -> String {
    let shard = map.shard(of: namespace)
    return "serving shard '\(shard)' (\(place(of: shard))) alone, that of namespace '\(namespace)'"
  }

  /// How the memory of each shard is kept: each has a home in that of the settings.
  ///
  /// - Throws: ``CommandFailure`` for what cannot be, or where one database is named beside them.
  func configurations(_ settings: Settings) throws -> [String: MemoryConfiguration] {
    if settings[.databaseURL] != nil {
      throw CommandFailure(
        "\(SettingKey.databaseURL.variable) or --database-url names one database, and [shards] in the "
          + "configuration file several; expected one of the two", status: .usage)
    }
    var configurations: [String: MemoryConfiguration] = [:]
    for (shard, url) in urls {
      var configuration = MemoryConfiguration(
        home: Home(path: settings.home.path + "/shards/" + shard))
      configuration.shard = ShardPlace(shard, in: map)
      if let url {
        // Of the shard alone: the token of one server is not for another.
        let file = tokenFiles[shard].map {
          UserPath.expanded($0, environment: settings.environment)
        }
        configuration.openStore = { store in
          try await DurableStore.open(
            remote: RemoteStoreConfiguration(
              url: url, token: file.map { .file(path: $0) } ?? .none),
            configuration: store)
        }
      }
      settings.apply(to: &configuration)
      configurations[shard] = configuration
    }
    return configurations
  }

  /// All of them together, for a command: nothing is learned or sealed beside it.
  func memory(_ settings: Settings) throws -> ShardedMemory {
    try ShardedMemory(
      map,
      configurations(settings).mapValues { configuration in
        var configuration = configuration
        configuration.learning.isAutomatic = false
        configuration.sealing.isAutomatic = false
        return configuration
      })
  }
}
