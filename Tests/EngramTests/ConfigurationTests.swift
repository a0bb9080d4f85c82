import DurableStore
import Engram
import Foundation
import Sync
import Testing

@Suite("Configurations")
struct ConfigurationTests {
  @Test("Seconds that are no length of time are refused by the name of their field")
  func refused() async throws {
    let changes: [(field: String, change: (inout MemoryConfiguration) -> Void)] = [
      ("cache.timeToLiveSeconds", { $0.cache.timeToLiveSeconds = 0 }),
      ("cache.sweepIntervalSeconds", { $0.cache.sweepIntervalSeconds = .nan }),
      ("sync.searchWaitSecondsMax", { $0.sync.searchWaitSecondsMax = -1 }),
      ("sync.retries.secondsMax", { $0.sync.retries.secondsMax = .nan }),
      ("store.busyTimeoutSeconds", { $0.store.busyTimeoutSeconds = .nan }),
      ("store.pool.waitSecondsMax", { $0.store.pool.waitSecondsMax = .nan }),
      ("store.breaker.openSeconds", { $0.store.breaker.openSeconds = -.infinity }),
    ]
    for (field, change) in changes {
      let home = TemporaryHome()
      var configuration = home.configuration()
      change(&configuration)
      let error = await #expect(throws: EngramError.self) {
        _ = try await Memory.open(configuration)
      }
      #expect(error?.code == .invalidInput)
      #expect(error?.message.hasPrefix(field + ": ") == true)
      #expect(error?.message.contains("expected seconds") == true)
    }
  }

  @Test("Waits without end are waits of a hundred years")
  func endless() async throws {
    let home = TemporaryHome()
    var configuration = home.configuration()
    configuration.cache.timeToLiveSeconds = .infinity
    configuration.cache.sweepIntervalSeconds = .infinity
    configuration.sync.searchWaitSecondsMax = 1e300
    configuration.store.busyTimeoutSeconds = .infinity
    configuration.store.pool.waitSecondsMax = .infinity
    configuration.store.pool.connectSecondsMax = .greatestFiniteMagnitude
    configuration.store.pool.idleSecondsMax = .infinity
    configuration.store.breaker.openSeconds = .infinity
    let memory = try await Memory.open(configuration)
    try await memory.sync()
    #expect(await memory.storeHealth().isReachable)
  }
}
