import Benchmark
import Synchronization
import Vamana
import VectorMath

/// Whole builds, and how long each phase takes of one.
func registerBuilds() {
  for dimension in BenchmarkSize.isSmoke ? [32] : [128, 384] {
    let phases = BuildProgress.Phase.allCases.map { phase in
      BenchmarkMetric.custom("\(phase.rawValue) (us)", useScalingFactor: false)
    }
    let rest = BenchmarkMetric.custom("axes, codes, recall (us)", useScalingFactor: false)
    Benchmark(
      "build \(BenchmarkSize.buildCount) x \(dimension), 1 thread",
      configuration: BenchmarkSize.builds(phases + [rest])
    ) { benchmark in
      var random = RandomRows(seed: 6)
      let count = BenchmarkSize.buildCount
      let rows = random.clusteredRows(count, dimension: dimension)
      var configuration = VamanaConfiguration()
      configuration.threadCount = 1
      // Asked for, as this data would not have them: so every phase has work.
      configuration.longRangeDegree = 4
      let clock = PhaseClock()
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        clock.restart()
        blackHole(
          try rows.withUnsafeBufferPointer {
            try SegmentBuilder.build(
              vectors: $0, dimension: dimension, recordIDs: (0..<UInt64(count)).map { $0 },
              metric: .squaredEuclidean, configuration: configuration
            ) { progress in
              clock.note(progress)
              return true
            }
          })
        clock.note(nil)
      }
      benchmark.stopMeasurement()
      let microseconds = clock.microseconds
      for (phase, metric) in zip(BuildProgress.Phase.allCases, phases) {
        benchmark.measurement(metric, microseconds[phase] ?? 0)
      }
      benchmark.measurement(rest, microseconds[nil] ?? 0)
    }
  }
}

/// Adds up the time between reports to the phase that they are of; what lies outside of phases to nil.
private final class PhaseClock: Sendable {
  private struct State {
    var last = ContinuousClock.now
    var current: BuildProgress.Phase?
    var spent: [BuildProgress.Phase?: Duration] = [:]
  }

  private let state = Mutex(State())

  func restart() { state.withLock { $0.last = .now } }

  func note(_ progress: BuildProgress?) {
    state.withLock { state in
      let now = ContinuousClock.now
      state.spent[state.current, default: .zero] += now - state.last
      state.last = now
      let isDone = progress.map { $0.completedUnitCount >= $0.totalUnitCount } ?? true
      state.current = isDone ? nil : progress?.phase
    }
  }

  var microseconds: [BuildProgress.Phase?: Int] {
    state.withLock {
      $0.spent.mapValues { Int($0 / .microseconds(1)) }
    }
  }
}
