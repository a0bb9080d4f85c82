internal import Engram
internal import Foundation

/// The variables of the environment that say how the cache is kept.
enum CacheVariables {
  /// Sets what the variables say.
  ///
  /// - Throws: ``CommandFailure`` that names the variable.
  static func apply(
    to configuration: inout MemoryConfiguration,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    func text(_ name: String) -> String? {
      environment["ENGRAM_CACHE_" + name].flatMap { $0.isEmpty ? nil : $0 }
    }
    func failure(_ name: String, _ value: String, _ expected: String) -> CommandFailure {
      CommandFailure("ENGRAM_CACHE_\(name) is '\(value)'; expected \(expected)", status: .usage)
    }
    func number(_ name: String) throws -> Int? {
      guard let value = text(name) else { return nil }
      guard let number = Int(value), number >= 1 else {
        throw failure(name, value, "a whole number, at least 1")
      }
      return number
    }
    if let count = try number("EPISODES") { configuration.cachedEpisodesMax = count }
    if let count = try number("BYTES") { configuration.cache.episodeBytesMax = count }
    if let value = text("TTL") {
      guard let seconds = Double(value), seconds > 0, seconds.isFinite else {
        throw failure("TTL", value, "seconds, more than 0")
      }
      configuration.cache.timeToLiveSeconds = seconds
    }
    switch text("COMPRESSION") {
    case nil: break
    case "off": configuration.cache.compressionLevel = nil
    case "on": configuration.cache.compressionLevel = CacheSettings.defaultCompressionLevel
    case let value?:
      guard let level = Int(value), CacheSettings.compressionLevels.contains(level) else {
        throw failure("COMPRESSION", value, "off, on, or a level from 1 to 19")
      }
      configuration.cache.compressionLevel = level
    }
  }
}
