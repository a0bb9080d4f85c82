import Embedders
import Engram
import Episodes
import Foundation
import Sync
import Synchronization

/// A home folder for one test, deleted with it.
final class TemporaryHome: Sendable {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "engram-tests-" + UUID().uuidString
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// A configuration with the small embedder, and a clock that goes on a second with each reading.
  func configuration(model: String = "words-32") -> MemoryConfiguration {
    let clock = StepClock()
    var configuration = MemoryConfiguration(
      home: Home(path: path), embedder: { WordEmbedder(model: model) }, now: { clock.now() })
    // Beside hundreds of other tests a sync may take longer than a search would wait for it.
    configuration.sync.searchWaitSecondsMax = 120
    // The default of 1 TiB, for each of two files, leaves no address space for many tests at once.
    configuration.cache.addressSpaceBytes = 1 << 32
    // What is learned when is up to the test.
    configuration.learning.isAutomatic = false
    return configuration
  }

  func open() async throws -> Memory { try await Memory.open(configuration()) }

  /// Runs `body` on a memory in a home of its own.
  static func withMemory(_ body: (Memory, TemporaryHome) async throws -> Void) async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    try await body(memory, home)
    await memory.close()
  }

  func deleteCache() throws { try FileManager.default.removeItem(atPath: file("cache")) }
}

/// A clock that starts at a fixed time and goes on a second with each reading.
final class StepClock: Sendable {
  private let seconds = Atomic<Int64>(1_772_442_845)

  func now() -> Timestamp {
    Timestamp(
      nanosecondsSince1970: seconds.wrappingAdd(1, ordering: .relaxed).newValue * 1_000_000_000)
  }
}
