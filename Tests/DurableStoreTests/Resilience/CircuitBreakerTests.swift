import Testing

@testable import DurableStore

@Suite("Circuit breaker")
struct CircuitBreakerTests {
  private let clock = ManualClock()
  private let failure = SQLError(kind: .unreachable, message: "no route")

  private func breaker(
    _ configuration: CircuitBreakerConfiguration = CircuitBreakerConfiguration()
  ) -> CircuitBreaker {
    CircuitBreaker(configuration, clock: clock.storeClock())
  }

  private func fail(_ breaker: CircuitBreaker, _ count: Int) throws {
    for _ in 0..<count { breaker.failed(try breaker.admit(), failure) }
  }

  @Test("Five failures in a row open it; four and a success do not")
  func opens() throws {
    let breaker = breaker()
    try fail(breaker, 4)
    breaker.succeeded(try breaker.admit())
    try fail(breaker, 4)
    #expect(breaker.report.state == .closed)
    #expect(breaker.report.failuresInARow == 4)
    try fail(breaker, 1)
    #expect(breaker.report.state == .open)
    #expect(breaker.report.openedCount == 1)
    #expect(breaker.report.secondsUntilProbe == 60)
    let refusal = #expect(throws: SQLError.self) { try breaker.admit() }
    #expect(refusal?.kind == .circuitOpen)
    #expect(refusal?.message.contains("60 s") == true)
    #expect(refusal?.message.contains("no route") == true)
    #expect(breaker.report.refusedCount == 1)
  }

  @Test("After a minute at most three probes are under way, and two successes close it")
  func closes() throws {
    let breaker = breaker()
    try fail(breaker, 5)
    clock.advance(by: .seconds(59.999))
    #expect(throws: SQLError.self) { try breaker.admit() }
    clock.advance(by: .seconds(0.001))
    #expect(breaker.report.state == .halfOpen)
    let probes = [try breaker.admit(), try breaker.admit(), try breaker.admit()]
    #expect(throws: SQLError.self) { try breaker.admit() }
    breaker.succeeded(probes[0])
    #expect(breaker.report.state == .halfOpen)
    #expect(breaker.report.probesSucceeded == 1)
    let fourth = try breaker.admit()
    breaker.succeeded(probes[1])
    #expect(breaker.report.state == .closed)
    #expect(breaker.report.lastFailure?.kind == "unreachable")
    #expect(breaker.report.lastFailure?.secondsAgo == 60)
    // What the other probes say later is about a time that is over.
    breaker.failed(probes[2], failure)
    breaker.failed(fourth, failure)
    #expect(breaker.report.failuresInARow == 0)
  }

  @Test("A failed probe opens it for another minute")
  func reopens() throws {
    let breaker = breaker()
    try fail(breaker, 5)
    clock.advance(by: .seconds(60))
    breaker.succeeded(try breaker.admit())
    try fail(breaker, 1)
    #expect(breaker.report.state == .open)
    #expect(breaker.report.secondsUntilProbe == 60)
    #expect(breaker.report.openedCount == 2)
    clock.advance(by: .seconds(60))
    breaker.succeeded(try breaker.admit())
    breaker.succeeded(try breaker.admit())
    #expect(breaker.report.state == .closed)
  }

  @Test("A cancelled probe frees its place and decides nothing")
  func abandoned() throws {
    let breaker = breaker()
    try fail(breaker, 5)
    clock.advance(by: .seconds(60))
    for _ in 0..<10 { breaker.abandoned(try breaker.admit()) }
    #expect(breaker.report.state == .halfOpen)
    #expect(breaker.report.probesSucceeded == 0)
  }

  @Test("A slow call from before it opened says nothing about the probes")
  func stale() throws {
    let breaker = breaker()
    let slow = [try breaker.admit(), try breaker.admit(), try breaker.admit()]
    try fail(breaker, 5)
    breaker.succeeded(slow[0])
    #expect(breaker.report.state == .open)
    clock.advance(by: .seconds(60))
    let probe = try breaker.admit()
    breaker.succeeded(slow[1])
    breaker.failed(slow[2], failure)
    #expect(breaker.report.state == .halfOpen)
    #expect(breaker.report.probesSucceeded == 0)
    breaker.succeeded(probe)
    #expect(breaker.report.probesSucceeded == 1)
  }

  @Test("Every threshold can be set")
  func thresholds() throws {
    let breaker = breaker(
      CircuitBreakerConfiguration(
        failuresToOpen: 1, successesToClose: 1, openSeconds: 2, probesMax: 1))
    try fail(breaker, 1)
    #expect(breaker.report.state == .open)
    clock.advance(by: .seconds(2))
    let probe = try breaker.admit()
    #expect(throws: SQLError.self) { try breaker.admit() }
    breaker.succeeded(probe)
    #expect(breaker.report.state == .closed)
  }
}
