import Episodes
import Testing

@testable import DurableStore

@Suite("Configuration of a store")
struct ConfigurationTests {
  private func problem(
    _ change: (inout DurableStoreConfiguration) -> Void
  ) async throws -> ValidationError? {
    let folder = try TemporaryFolder()
    var configuration = DurableStoreConfiguration()
    change(&configuration)
    do throws(DurableStoreError) {
      try await DurableStore.open(path: folder.file("s.db"), configuration: configuration).close()
      return nil
    } catch {
      guard case .invalid(let problem) = error else {
        Issue.record(error)
        return nil
      }
      return problem
    }
  }

  @Test(
    "A time that no clock can wait for is refused by name",
    arguments: [Double.infinity, -.infinity, .nan, 1e300, -1])
  func times(seconds: Double) async throws {
    let fields: [(String, WritableKeyPath<DurableStoreConfiguration, Double>)] = [
      ("busyTimeoutSeconds", \.busyTimeoutSeconds),
      ("pool.waitSecondsMax", \.pool.waitSecondsMax),
      ("pool.connectSecondsMax", \.pool.connectSecondsMax),
      ("pool.idleSecondsMax", \.pool.idleSecondsMax),
      ("pool.vacuumSecondsMax", \.pool.vacuumSecondsMax),
      ("breaker.openSeconds", \.breaker.openSeconds),
      ("retries.initialSeconds", \.retries.initialSeconds),
      ("retries.secondsMax", \.retries.secondsMax),
    ]
    for (field, path) in fields {
      let problem = try await problem { $0[keyPath: path] = seconds }
      #expect(problem?.field == "store.\(field)")
      #expect(problem?.expected == "0 to 1000000000 seconds")
    }
  }

  @Test("Factors and counts outside of their range are refused by name")
  func numbers() async throws {
    #expect(try await problem { $0.retries.multiplier = .nan }?.field == "store.retries.multiplier")
    #expect(try await problem { $0.retries.jitter = 1.5 }?.field == "store.retries.jitter")
    let counts = try await problem { $0.pool.connectionsMax = 0 }
    #expect(counts?.field == "store.pool.connectionsMax")
    #expect(counts?.expected == "2 or more")
    #expect(try await problem { $0.breaker.probesMax = 0 }?.field == "store.breaker.probesMax")
    #expect(try await problem { _ in } == nil)
  }

  @Test("The longest times that are allowed work")
  func longest() async throws {
    let longest = try await problem {
      $0.pool = PoolConfiguration(
        waitSecondsMax: 1e9, connectSecondsMax: 1e9, idleSecondsMax: 1e9, vacuumSecondsMax: 1e9)
      $0.busyTimeoutSeconds = 1e9
      $0.breaker.openSeconds = 1e9
    }
    #expect(longest == nil)
  }
}
