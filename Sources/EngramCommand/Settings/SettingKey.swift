internal import Engram
internal import RemoteStore

/// A setting: its name, what it means, and what it may be.
struct SettingKey: Sendable {
  /// As in the configuration file, with the table: `cache.episodes`.
  var name: String
  /// What it means, in one line.
  var summary: String
  /// What counts where nothing is set, as people read it.
  var usual: String
  /// What would be right, for errors.
  var expected: String
  /// Whether the value is never printed.
  var isSecret = false
  /// Whether a value that cannot be may hold a secret, so that errors do not show it.
  var mayHoldSecret = false
  var isValid: @Sendable (String) -> Bool = { _ in true }

  /// The option of commands that have one for it: `--auth-token-file`.
  var option: String {
    var text = "--"
    for character in name {
      switch character {
      case ".": text += "-"
      case _ where character.isUppercase: text += "-" + character.lowercased()
      default: text.append(character)
      }
    }
    return text
  }

  /// The variable of the environment: `ENGRAM_CACHE_EPISODES`.
  var variable: String {
    var text = "ENGRAM"
    var isAfterSmall = false
    for character in "." + name {
      if character == "." {
        text += "_"
      } else {
        text += (character.isUppercase && isAfterSmall ? "_" : "") + character.uppercased()
      }
      isAfterSmall = character.isLowercase
    }
    return text
  }

  static let home = SettingKey(
    name: "home", summary: "the home folder",
    usual: "engram in the XDG data folder", expected: "a folder")
  static let namespace = SettingKey(
    name: "namespace", summary: "where commands look, and put what is new",
    usual: "default", expected: "a name without blanks",
    isValid: { !$0.contains(where: \.isWhitespace) })
  static let modelFolder = SettingKey(
    name: "model.dir", summary: "the folder of the embedding model",
    usual: "engram/models/all-MiniLM-L6-v2 in the XDG cache folder", expected: "a folder")
  static let databaseURL = SettingKey(
    name: "database.url", summary: "the durable store in a database elsewhere (libSQL)",
    usual: "a file in the home folder",
    expected:
      "libsql://HOST or https://HOST, without a user or token in it; http:// on this machine only",
    mayHoldSecret: true, isValid: { (try? DatabaseURL($0)) != nil })
  static let authToken = SettingKey(
    name: "auth.token", summary: "the token of that database", usual: "none",
    expected: "a token that has not expired", isSecret: true,
    isValid: { (try? AuthToken($0)) != nil })
  static let authTokenFile = SettingKey(
    name: "auth.tokenFile",
    summary: "a file with it, which only its owner may read; read again when it changes",
    usual: "none", expected: "a file")
  static let syncStaleness = SettingKey(
    name: "sync.staleness",
    summary: "seconds in which searches do not ask a database elsewhere for news; 0: each asks",
    usual: "1", expected: "seconds, from 0 to 86400",
    isValid: { Double($0).map { (0...86_400).contains($0) } ?? false })
  static let kernels = SettingKey(
    name: "isa", summary: "distance kernels: avx512vnni, avx512, avx2, neon or scalar",
    usual: "the fastest the processor runs", expected: "kernels that this machine can run")

  static let cacheEpisodes = SettingKey(
    name: "cache.episodes", summary: "the most episodes in the cache", usual: "1000",
    expected: "a whole number, at least 1", isValid: isCount)
  static let cacheBytes = SettingKey(
    name: "cache.bytes", summary: "the most bytes of them", usual: "268435456",
    expected: "a whole number, at least 1", isValid: isCount)
  static let cacheTTL = SettingKey(
    name: "cache.ttl", summary: "seconds after which an episode leaves the cache",
    usual: "never", expected: "seconds, more than 0",
    isValid: { Double($0).map { $0 > 0 && $0.isFinite } ?? false })
  static let cacheCompression = SettingKey(
    name: "cache.compression", summary: "compress cached episodes: off, on or a level, 1 to 19",
    usual: "off", expected: "off, on, or a level from 1 to 19",
    isValid: {
      $0 == "off" || $0 == "on"
        || Int($0).map { CacheSettings.compressionLevels.contains($0) } ?? false
    })

  static let httpCertificate = SettingKey(
    name: "http.certificate", summary: "a PEM file with the certificate of engram serve",
    usual: "none, and no TLS", expected: "a file")
  static let httpKey = SettingKey(
    name: "http.key", summary: "a PEM file with its private key",
    usual: "none, and no TLS", expected: "a file")

  static let weakSimilarity = SettingKey(
    name: "retrieval.weakSimilarity", summary: "the cosine below which a hit is weak",
    usual: "0.28", expected: "a number from -1 to 1",
    isValid: { Double($0).map { (-1...1).contains($0) } ?? false })

  /// How much a part of the score counts.
  static func weight(_ weight: SearchWeight) -> SettingKey {
    SettingKey(
      name: "retrieval." + weight.rawValue, summary: weight.summary,
      usual: "\(RetrievalWeights()[keyPath: weight.path])", expected: "a weight from 0 to 1000",
      isValid: { Double($0).map { (0...1000).contains($0) } ?? false })
  }

  /// All there are, in the order in which they are shown.
  static let all: [SettingKey] =
    [
      home, namespace, kernels, modelFolder, databaseURL, authToken, authTokenFile, syncStaleness,
      cacheEpisodes, cacheBytes, cacheTTL, cacheCompression, httpCertificate, httpKey,
      weakSimilarity,
    ] + SearchWeight.allCases.map(weight)

  private static let isCount: @Sendable (String) -> Bool = { Int($0).map { $0 >= 1 } ?? false }
}
