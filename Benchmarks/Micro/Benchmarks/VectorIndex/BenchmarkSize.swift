import Benchmark
import Foundation

/// How much is measured: with `ENGRAM_BENCH_SMOKE=1` just enough to see that every benchmark runs.
enum BenchmarkSize {
  static let isSmoke = ProcessInfo.processInfo.environment["ENGRAM_BENCH_SMOKE"] == "1"

  static let dimensions = isSmoke ? [128] : [128, 384, 768, 1536]
  static let buildCount = isSmoke ? 500 : 5_000
  static let searchCount = isSmoke ? 500 : 10_000

  /// One run of a kernel is too short for a clock: a thousand are one measurement.
  static var kernels: Benchmark.Configuration {
    Benchmark.Configuration(
      metrics: [.wallClock, .throughput], timeUnits: .nanoseconds,
      warmupIterations: isSmoke ? 1 : 10, scalingFactor: .kilo,
      maxDuration: isSmoke ? .milliseconds(5) : .milliseconds(500),
      maxIterations: isSmoke ? 2 : 10_000)
  }

  static var searches: Benchmark.Configuration {
    Benchmark.Configuration(
      metrics: [.wallClock, .throughput], timeUnits: .microseconds,
      warmupIterations: isSmoke ? 1 : 1_000, scalingFactor: .one,
      maxDuration: isSmoke ? .milliseconds(5) : .seconds(2), maxIterations: isSmoke ? 2 : 100_000)
  }

  static let allocations = BenchmarkMetric.custom("allocations", useScalingFactor: false)

  static func builds(_ phases: [BenchmarkMetric]) -> Benchmark.Configuration {
    Benchmark.Configuration(
      metrics: [.wallClock, .cpuTotal] + phases, timeUnits: .milliseconds,
      warmupIterations: isSmoke ? 0 : 1, scalingFactor: .one,
      maxDuration: isSmoke ? .milliseconds(5) : .seconds(10), maxIterations: isSmoke ? 1 : 10)
  }
}
