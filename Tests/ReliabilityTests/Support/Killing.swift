import Foundation
import TestSupport

/// Ends processes at a moment that they have no say in.
enum Killing {
  /// Kills processes some seconds after now, or once all have ended.
  ///
  /// It waits on a thread of its own: tasks of other tests may keep those of tasks busy for longer.
  ///
  /// - Parameters:
  ///   - seconds: how long to wait.
  ///   - moment: count the seconds from when this holds, nil for from now.
  /// - Returns: whether one of them was running still.
  static func kill(
    _ processes: [EngramProgram.Started], after seconds: Double,
    since moment: (@Sendable () -> Bool)? = nil
  ) async -> Bool {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        func isRunning() -> Bool { processes.contains(where: \.isRunning) }
        if let moment {
          while !moment(), isRunning() { usleep(50) }
        }
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline, isRunning() { usleep(200) }
        let wasRunning = isRunning()
        for one in processes { one.kill() }
        continuation.resume(returning: wasRunning)
      }
    }
  }

  /// Whether another round is due: as many as wanted, and up to five times as many while too few kills have
  /// hit what they were meant for, such as on a machine that is busy with other things.
  static func isDue(round: Int, of rounds: Int, hits: Int, wanted: Int) -> Bool {
    round < rounds || (hits < wanted && round < 5 * rounds)
  }

  /// Random moments for kills of one kind of work: up to somewhat longer than it takes to its end, which is
  /// learnt from how long it has taken.
  struct Moments {
    private var secondsMax: Double
    private let share: Double

    /// - Parameters:
    ///   - seconds: how long the work takes, about.
    ///   - share: up to which part of that; of few kills most should come before the end.
    init(seconds: Double, share: Double = Workload.isSlow ? 1.1 : 0.6) {
      secondsMax = seconds
      self.share = share
    }

    func next(using random: inout SeededGenerator) -> Double {
      Double.random(in: 0...secondsMax * share, using: &random)
    }

    mutating func ended(after seconds: Double, wasKilled: Bool) {
      secondsMax = wasKilled ? max(secondsMax, seconds) * 1.1 : min(secondsMax, seconds)
    }
  }
}
