import Platform
import Testing

@Suite("Seconds and waits")
struct TimeTests {
  @Test("A duration is its seconds, whole and broken")
  func seconds() {
    #expect(Duration.seconds(90).inSeconds == 90)
    #expect(Duration.milliseconds(1_500).inSeconds == 1.5)
    #expect(Duration.milliseconds(-250).inSeconds == -0.25)
    #expect(Duration.zero.inSeconds == 0)
  }

  @Test("Any number of seconds makes a duration")
  func bounded() {
    #expect(Duration.seconds(bounding: 0.25) == .milliseconds(250))
    #expect(Duration.seconds(bounding: -3) == .zero)
    #expect(Duration.seconds(bounding: .nan) == .zero)
    let longest = Duration.seconds(Duration.secondsMax)
    #expect(Duration.seconds(bounding: .infinity) == longest)
    #expect(Duration.seconds(bounding: .greatestFiniteMagnitude) == longest)
    // Clocks can add it.
    #expect(ContinuousClock.now + longest > ContinuousClock.now)
  }

  @Test("Waits grow by the factor up to the bound, and stay there")
  func growth() {
    let backoff = Backoff(firstSeconds: 0.1, secondsMax: 5, factor: 2, jitter: 0.25)
    let waits = (0..<8).map { backoff.seconds(after: $0, chance: 0) }
    #expect(waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5])
    #expect(backoff.seconds(after: .max, chance: 0) == 5)
    #expect(backoff.seconds(after: -1, chance: 0) == 0.1)
  }

  @Test("Chance takes its share of a wait and no more")
  func chance() {
    let backoff = Backoff(firstSeconds: 4, secondsMax: 4, factor: 1, jitter: 0.25)
    #expect(backoff.seconds(after: 3, chance: 1) == 3)
    #expect(backoff.seconds(after: 3, chance: 0.5) == 3.5)
    #expect(backoff.seconds(after: 3, chance: 7) == 3)
  }

  @Test("Without a first wait there is none at all")
  func none() {
    let backoff = Backoff(firstSeconds: 0, secondsMax: 5, factor: 2, jitter: 0)
    #expect(backoff.seconds(after: .max, chance: 0) == 0)
  }
}
