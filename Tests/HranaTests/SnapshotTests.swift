import Hrana
import HranaSessions
import Synchronization
import TestSupport
import Testing

@testable import DurableStore
@testable import RemoteStore

@Suite("Snapshots of a database elsewhere that are kept")
struct SnapshotTests {
  private static let count = SQLStatement("SELECT count(*) FROM things")

  @Test("One that is not read gives signs of life, and still sees its moment after them")
  func kept() async throws {
    let requests = Mutex(0)
    let fault: @Sendable () -> CuttingProxy.Fault = {
      requests.withLock { $0 += 1 }
      return .none
    }
    try await FaultyWire.withProxy(signSeconds: 0.05, fault: fault) { backend, database in
      try await backend.withSnapshot(mayRepeat: { false }) { snapshot in
        #expect(try await snapshot.read([Self.count])[0].firstInteger == 0)
        _ = try await database.execute("INSERT INTO things DEFAULT VALUES")
        let before = requests.withLock { $0 }
        while requests.withLock({ $0 }) < before + 4 {
          try await Task.sleep(for: .milliseconds(20))
        }
        // The stream goes on with another baton after each of them.
        #expect(try await snapshot.read([Self.count])[0].firstInteger == 0)
      }
      #expect(database.service.streamCount == 0)
    }
  }

  @Test("Without signs of life it is over, and says so")
  func silent() async throws {
    let fault: @Sendable () -> CuttingProxy.Fault = { .none }
    try await withEnoughTime(from: 0.3) { seconds in
      let short: (inout HranaLimits) -> Void = { $0.idleSeconds = seconds }
      try await FaultyWire.withProxy(
        signSeconds: 3600, limits: short, fault: fault
      ) { backend, database in
        let hasBegun = FaultyWire.FlagBox()
        do {
          try await backend.withSnapshot(mayRepeat: { false }) { snapshot in
            hasBegun.isSet = true
            while database.service.streamCount > 0 {
              try await Task.sleep(for: .milliseconds(20))
            }
            await #expect(throws: SQLError.self) { try await snapshot.read([Self.count]) }
          }
        } catch let error as SQLError {
          if hasBegun.isSet { throw error }
          throw TooLittleTime()
        }
      }
    }
  }

  @Test("A sign of life that waits for a read that is lost begins no other snapshot")
  func lost() async throws {
    let losesNext = FaultyWire.FlagBox()
    let fault: @Sendable () -> CuttingProxy.Fault = { losesNext.take() ? .lostAnswer : .none }
    try await FaultyWire.withProxy(fault: fault) { backend, _ in
      // The sign has to come between the call of the read and its request: not each attempt has it so.
      for _ in 0..<40 {
        let stream = try await backend.beginStream()
        losesNext.isSet = true
        let read = Task { try await stream.read([Self.count]) }
        let sign = Task { await stream.keepAlive(silentSeconds: 0) }
        // Whichever comes first is lost, and so is the snapshot for the other.
        let error = await #expect(throws: SQLError.self) { try await read.value }
        #expect(error?.kind == .unreachable)
        await sign.value
        await #expect(throws: SQLError.self) { try await stream.read([Self.count]) }
        await stream.end()
      }
    }
  }
}
