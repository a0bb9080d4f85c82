import Foundation
import Hrana
import HranaSessions
import Synchronization
import TestSupport
import Testing

@testable import DurableStore
@testable import RemoteStore

@Suite("A database elsewhere, on a wire that fails")
struct RemoteWireTests {
  private static let soundWire: @Sendable () -> CuttingProxy.Fault = { .none }

  private static let isSlow = ProcessInfo.processInfo.environment["ENGRAM_SLOW_TESTS"] != nil

  private static func faults(seed: UInt64) -> @Sendable () -> CuttingProxy.Fault {
    let random = Mutex(SeededGenerator(seed: seed))
    return {
      random.withLock { generator in
        switch generator.below(10) {
        case 0: .lostRequest
        case 1: .lostAnswer
        case 2: .cutAnswer(bytes: 1 + generator.below(699))
        case 3: .delay(milliseconds: generator.below(5))
        case 4:
          .status(
            generator.pick([500, 502, 503, 504]),
            body: generator.pick(["", #"{"message":"gateway","code":"UPSTREAM_TIMEOUT"}"#]))
        default: .none
        }
      }
    }
  }

  @Test("No write is lost or applied twice on a wire that loses, cuts and delays, with retries")
  func lossyWire() async throws {
    let seed = UInt64.random(in: .min ... .max)
    print("lossy wire: seed \(seed)")
    let count: Int64 = Self.isSlow ? 10_000 : 1000
    try await FaultyWire.withProxy(fault: Self.faults(seed: seed)) { base, database in
      let backend = ResilientBackend(
        base, breaker: CircuitBreakerConfiguration(failuresToOpen: .max),
        retries: RetryConfiguration(retriesMax: 3, initialSeconds: 0), clock: .system)
      var acknowledged: Set<Int64> = []
      var unknown: Set<Int64> = []
      for number in 1...count {
        // A counter shows a write that is applied twice.
        let statements = [
          SQLStatement(
            "INSERT INTO things (id, data) VALUES (?1, 0) ON CONFLICT DO NOTHING",
            [.integer(number)]),
          SQLStatement("UPDATE things SET data = data + 1 WHERE id = ?1", [.integer(number)]),
        ]
        do throws(SQLError) {
          let results = try await backend.write(statements)
          #expect(results.map(\.affectedRowCount) == [1, 1])
          acknowledged.insert(number)
        } catch {
          #expect(error.kind == .unreachable)
          if error.mayHaveBeenApplied { unknown.insert(number) }
        }
      }
      #expect(try await database.count("data <> 1") == 0)
      var stored: Set<Int64> = []
      for row in try await database.execute("SELECT id FROM things").rows {
        if case .integer(let number) = row[0] { stored.insert(number) }
      }
      #expect(acknowledged.subtracting(stored).isEmpty, "lost")
      #expect(
        stored.subtracting(acknowledged).subtracting(unknown).isEmpty,
        "were said not to be applied")
      #expect(acknowledged.count > Int(count) / 4)
      #expect(!unknown.isEmpty)
    }
  }

  @Test("A server that stops in the middle of its answer is waited for no longer than it may take")
  func stalledAnswer() async throws {
    let box = FaultyWire.FlagBox()
    let fault: @Sendable () -> CuttingProxy.Fault = { box.isSet ? .stall(bytes: 150) : .none }
    try await FaultyWire.withProxy(requestSeconds: 0.5, fault: fault) { backend, database in
      box.isSet = true
      let start = ContinuousClock.now
      let error = await #expect(throws: SQLError.self) {
        try await backend.write([SQLStatement("INSERT INTO things DEFAULT VALUES")])
      }
      #expect(error?.kind == .unreachable)
      #expect(error?.mayHaveBeenApplied == true)
      await #expect(throws: SQLError.self) {
        try await backend.read([SQLStatement("SELECT 1")], cost: .scan)
      }
      #expect(ContinuousClock.now - start < .seconds(20))
      let count = try await database.count()
      #expect(count == 1)
    }
  }

  @Test("Connections that this program's own requests use up say nothing about the server")
  func usedUpConnections() async throws {
    try await withEnoughTime(from: 1.5) { seconds in
      let pool = PoolConfiguration(connectionsMax: 2, connectSecondsMax: seconds / 5)
      let slow: @Sendable () -> CuttingProxy.Fault = { .delay(milliseconds: Int(seconds * 1000)) }
      try await FaultyWire.withProxy(pool: pool, fault: slow) { backend, _ in
        let kinds = await withTaskGroup(of: SQLError.Kind?.self) { group in
          for _ in 0..<3 {
            group.addTask {
              do throws(SQLError) {
                _ = try await backend.read([SQLStatement("SELECT 1")], cost: .scan)
                return nil
              } catch {
                return error.kind
              }
            }
          }
          return await group.reduce(into: [SQLError.Kind]()) { kinds, kind in
            if let kind { kinds.append(kind) }
          }
        }
        // One came when another was done.
        if kinds.isEmpty { throw TooLittleTime() }
        #expect(kinds == [.poolExhausted])
      }
    }
  }

  @Test("A snapshot whose read fails leaves no stream at the server")
  func failedSnapshot() async throws {
    try await FaultyWire.withProxy(fault: Self.soundWire) { backend, database in
      await #expect(throws: SQLError.self) {
        try await backend.withSnapshot(mayRepeat: { false }) { snapshot in
          try await snapshot.read([SQLStatement("SELECT missing")])
        }
      }
      #expect(database.service.streamCount == 0)
    }
  }

  @Test("A snapshot sees one moment, and one whose stream is lost says so")
  func snapshots() async throws {
    let box = FaultyWire.FlagBox()
    let unlessSet: @Sendable () -> CuttingProxy.Fault = { box.isSet ? .lostAnswer : .none }
    try await FaultyWire.withProxy(fault: unlessSet) { backend, database in
      let count = SQLStatement("SELECT count(*) FROM things")
      try await backend.withSnapshot(mayRepeat: { false }) { snapshot in
        #expect(try await snapshot.read([count])[0].firstInteger == 0)
        _ = try await database.execute("INSERT INTO things DEFAULT VALUES")
        #expect(try await snapshot.read([count, count]).map(\.firstInteger) == [0, 0])
        #expect(try await backend.read([count], cost: .scan)[0].firstInteger == 1)
        box.isSet = true
        let error = await #expect(throws: SQLError.self) { try await snapshot.read([count]) }
        #expect(error?.kind == .unreachable)
        box.isSet = false
        let next = await #expect(throws: SQLError.self) { try await snapshot.read([count]) }
        #expect(next?.kind == .unreachable)
      }
    }
  }

  @Test("What is too large for one answer is read row by row")
  func largeResults() async throws {
    // To write forty megabytes takes a busy machine a minute, without optimization.
    try await FaultyWire.withProxy(requestSeconds: 600, fault: Self.soundWire) { backend, _ in
      let rows = try await backend.read(
        [
          SQLStatement(
            """
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 40)
            SELECT x, zeroblob(1000000) FROM c
            """)
        ], cost: .scan)[0].rows
      #expect(rows.count == 40)
      #expect(rows.last?.first == .integer(40))
    }
  }
}
