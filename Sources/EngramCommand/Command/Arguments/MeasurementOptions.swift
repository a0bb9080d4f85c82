internal import ArgumentParser
internal import VectorMath

/// What every measurement takes.
struct MeasurementOptions: ParsableArguments {
  @Option(
    name: .customLong("metric"),
    help: ArgumentHelp("How near two vectors are:", valueName: "metric"))
  var metricName: MetricName = .cosine

  @Option(
    name: .customLong("k"),
    help: ArgumentHelp("How many neighbours are asked for.", valueName: "count"))
  var k = 10

  @OptionGroup var output: OutputOptions

  var metric: Metric { metricName.metric }

  func validate() throws { try OptionRange.check(("--k", k, 1...1024)) }
}
