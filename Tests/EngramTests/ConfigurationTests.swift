import DurableStore
import Engram
import Foundation
import Sync
import Testing

@Suite("Configurations")
struct ConfigurationTests {
  @Test("A factor or a share of chance that means nothing is refused by the name of its field")
  func retries() async throws {
    let changes: [(field: String, change: (inout RetrySchedule) -> Void)] = [
      ("factor", { $0.factor = .nan }), ("factor", { $0.factor = 0.5 }),
      ("jitter", { $0.jitter = .nan }), ("jitter", { $0.jitter = 1.5 }),
    ]
    for (field, change) in changes {
      let home = TemporaryHome()
      var configuration = home.configuration()
      change(&configuration.sync.retries)
      let error = await #expect(throws: EngramError.self) {
        _ = try await Memory.open(configuration)
      }
      #expect(error?.message.hasPrefix("sync.retries.\(field): is ") == true)
    }
  }

  @Test("Seconds that nobody can wait for are refused by the name of their field")
  func refused() async throws {
    let changes: [(field: String, change: (inout MemoryConfiguration) -> Void)] = [
      ("cache.timeToLiveSeconds", { $0.cache.timeToLiveSeconds = 0 }),
      ("cache.sweepIntervalSeconds", { $0.cache.sweepIntervalSeconds = .nan }),
      ("sync.searchWaitSecondsMax", { $0.sync.searchWaitSecondsMax = -1 }),
      ("sync.retries.secondsMax", { $0.sync.retries.secondsMax = .infinity }),
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
      #expect(error?.message.hasPrefix(field + ": is ") == true)
      #expect(error?.message.hasSuffix(" seconds") == true)
    }
  }
}
