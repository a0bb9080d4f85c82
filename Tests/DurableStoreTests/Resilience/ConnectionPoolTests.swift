import Synchronization
import Testing

@testable import DurableStore

/// A connection of nothing: the pool is what is tested.
private final class Line: PooledConnection {
  let number: Int
  private let state = Mutex((isUsable: true, isClosed: false))

  init(number: Int) { self.number = number }

  var isUsable: Bool { state.withLock { $0.isUsable } }
  var isClosed: Bool { state.withLock { $0.isClosed } }
  func spoil() { state.withLock { $0.isUsable = false } }
  func close() { state.withLock { $0.isClosed = true } }
}

@Suite("Connection pool")
struct ConnectionPoolTests {
  private final class Setting: Sendable {
    let clock = ManualClock()
    let pool: ConnectionPool<Line>
    let lines: SharedLines

    init(_ configuration: PoolConfiguration, max: Int) {
      let opened = SharedLines()
      let storeClock = clock.storeClock()
      pool = ConnectionPool(connectionsMax: max, configuration: configuration, clock: storeClock) {
        () throws(SQLError) in
        if opened.takeFailure() { throw SQLError(kind: .cannotOpen, message: "no") }
        if opened.hangs { try? await storeClock.sleep(.seconds(3600)) }
        return opened.make()
      }
      lines = opened
    }
  }

  private final class SharedLines: Sendable {
    private let state = Mutex((lines: [Line](), failures: 0, hangs: false))
    var lines: [Line] { state.withLock { $0.lines } }
    var hangs: Bool { state.withLock { $0.hangs } }
    func hang(_ hangs: Bool) { state.withLock { $0.hangs = hangs } }
    func failNext(_ count: Int) { state.withLock { $0.failures = count } }
    func takeFailure() -> Bool {
      state.withLock { state in
        if state.failures == 0 { return false }
        state.failures -= 1
        return true
      }
    }
    func make() -> Line {
      state.withLock { state in
        state.lines.append(Line(number: state.lines.count))
        return state.lines[state.lines.count - 1]
      }
    }
  }

  @Test("Connections are used again, and never more than the bound are open")
  func bounded() async throws {
    let setting = Setting(PoolConfiguration(), max: 3)
    let most = Locked((now: 0, most: 0))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await setting.pool.withConnection { _ in
            most.withLock { counts in
              counts.now += 1
              counts.most = max(counts.most, counts.now)
            }
            for _ in 0..<20 { await Task.yield() }
            most.withLock { $0.now -= 1 }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(most.withLock { $0.most } <= 3)
    #expect(setting.lines.lines.count <= 3)
    let statistics = setting.pool.statistics
    #expect(statistics.acquiredCount == 50)
    #expect(statistics.active == 0)
    #expect(statistics.idle == setting.lines.lines.count)
    #expect(statistics.openedCount == setting.lines.lines.count)
    #expect(statistics.connectionsMax == 3)
    setting.pool.close()
    #expect(setting.lines.lines.allSatisfy { $0.isClosed })
  }

  @Test("Who comes first is served first, and the wait is counted")
  func fair() async throws {
    let setting = Setting(PoolConfiguration(), max: 1)
    let held = try await setting.pool.acquire()
    let order = Locked<[Int]>([])
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          guard let line = try? await setting.pool.acquire() else { return }
          order.withLock { $0.append(number) }
          setting.pool.release(line)
        }
        // In line before the next one starts.
        #expect(await eventually { setting.pool.statistics.waiting == number + 1 })
      }
      setting.clock.advance(by: .seconds(2))
      setting.pool.release(held)
    }
    #expect(order.withLock { $0 } == Array(0..<8))
    let statistics = setting.pool.statistics
    #expect(statistics.waitCount == 8)
    #expect(statistics.waitSecondsMax == 2)
    #expect(statistics.waitSeconds == 16)
    #expect(statistics.waiting == 0)
    setting.pool.close()
  }

  @Test("Who waits too long gets an error that says how many connections are in use")
  func deadline() async throws {
    let setting = Setting(PoolConfiguration(waitSecondsMax: 5), max: 1)
    let held = try await setting.pool.acquire()
    let waiting = Task { () -> SQLError? in
      do throws(SQLError) {
        setting.pool.release(try await setting.pool.acquire())
        return nil
      } catch {
        return error
      }
    }
    #expect(await eventually { setting.pool.statistics.waiting == 1 })
    #expect(await eventually { setting.clock.slept.contains(.seconds(5)) })
    setting.clock.advance(by: .seconds(5))
    let error = await waiting.value
    #expect(error?.kind == .poolExhausted)
    #expect(error?.message == "no connection became free in 5.0 s: 1 of 1 are in use")
    #expect(setting.pool.statistics.timedOutCount == 1)
    #expect(setting.pool.statistics.waiting == 0)
    setting.pool.release(held)
    #expect(setting.pool.statistics.idle == 1)
    setting.pool.close()
  }

  @Test("A cancelled task leaves the line, and the next one is served")
  func cancelled() async throws {
    let setting = Setting(PoolConfiguration(), max: 1)
    let held = try await setting.pool.acquire()
    let first = Task { try await setting.pool.acquire() }
    #expect(await eventually { setting.pool.statistics.waiting == 1 })
    let second = Task { try await setting.pool.acquire() }
    #expect(await eventually { setting.pool.statistics.waiting == 2 })
    first.cancel()
    let error = await #expect(throws: SQLError.self) { try await first.value }
    #expect(error?.kind == .cancelled)
    setting.pool.release(held)
    #expect(try await second.value === held)
    // Cancelled before it came to the line.
    let late = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await setting.pool.acquire()
    }
    late.cancel()
    await #expect(throws: SQLError.self) { try await late.value }
    #expect(setting.pool.statistics.waiting == 0)
    setting.pool.close()
  }

  @Test("Idle connections above the minimum are closed after a time, the last used stay")
  func idle() async throws {
    let setting = Setting(PoolConfiguration(idleMin: 1, idleSecondsMax: 300), max: 4)
    var held: [Line] = []
    for _ in 0..<4 { held.append(try await setting.pool.acquire()) }
    for line in held { setting.pool.release(line) }
    #expect(setting.pool.statistics.idle == 4)
    #expect(await eventually { setting.clock.slept.contains(.seconds(300)) })
    setting.clock.advance(by: .seconds(200))
    // Used last: the one on top.
    let used = try await setting.pool.acquire()
    setting.pool.release(used)
    setting.clock.advance(by: .seconds(100))
    #expect(await eventually { setting.pool.statistics.idle == 1 })
    #expect(!used.isClosed)
    #expect(setting.lines.lines.filter(\.isClosed).count == 3)
    #expect(setting.pool.statistics.retiredCount == 3)
    setting.clock.advance(by: .seconds(10_000))
    #expect(setting.pool.statistics.idle == 1)
    setting.pool.close()
  }

  @Test("The minimum is opened at once")
  func minimum() async throws {
    let setting = Setting(PoolConfiguration(idleMin: 2), max: 4)
    await setting.pool.fill()
    #expect(setting.pool.statistics.idle == 2)
    #expect(setting.pool.statistics.acquiredCount == 0)
    setting.pool.close()
  }

  @Test("A broken connection is closed, and who waits opens another")
  func broken() async throws {
    let setting = Setting(PoolConfiguration(), max: 1)
    let held = try await setting.pool.acquire()
    let waiting = Task { try await setting.pool.acquire() }
    #expect(await eventually { setting.pool.statistics.waiting == 1 })
    held.spoil()
    setting.pool.release(held)
    let other = try await waiting.value
    #expect(other !== held)
    #expect(held.isClosed)
    #expect(setting.pool.statistics.retiredCount == 1)
    setting.pool.release(other)
    setting.pool.close()
  }

  @Test("An open that fails is reported, and makes room for the next to try")
  func openFailure() async throws {
    let setting = Setting(PoolConfiguration(), max: 1)
    setting.lines.failNext(1)
    let error = await #expect(throws: SQLError.self) { try await setting.pool.acquire() }
    #expect(error?.kind == .cannotOpen)
    #expect(setting.pool.statistics.openFailureCount == 1)
    setting.pool.release(try await setting.pool.acquire())
    #expect(setting.pool.statistics.idle == 1)
    setting.pool.close()
  }

  @Test("An open that takes too long is given up, and closed when it comes after all")
  func connectTimeout() async throws {
    let setting = Setting(PoolConfiguration(connectSecondsMax: 10), max: 1)
    setting.lines.hang(true)
    let waiting = Task { try await setting.pool.acquire() }
    #expect(await eventually { setting.clock.slept.contains(.seconds(10)) })
    #expect(await eventually { setting.clock.slept.contains(.seconds(3600)) })
    setting.clock.advance(by: .seconds(10))
    let error = await #expect(throws: SQLError.self) { try await waiting.value }
    #expect(error?.kind == .unreachable)
    setting.clock.advance(by: .seconds(3600))
    #expect(await eventually { setting.lines.lines.first?.isClosed == true })
    #expect(setting.pool.statistics.opening == 0)
    setting.pool.close()
  }

  @Test("After the pool is closed, those who wait and those who come get an error")
  func closed() async throws {
    let setting = Setting(PoolConfiguration(), max: 1)
    let held = try await setting.pool.acquire()
    let waiting = Task { try await setting.pool.acquire() }
    #expect(await eventually { setting.pool.statistics.waiting == 1 })
    setting.pool.close()
    for task in [waiting, Task { try await setting.pool.acquire() }] {
      let error = await #expect(throws: SQLError.self) { try await task.value }
      #expect(error?.kind == .closed)
    }
    #expect(!held.isClosed)
    setting.pool.release(held)
    #expect(held.isClosed)
  }
}
