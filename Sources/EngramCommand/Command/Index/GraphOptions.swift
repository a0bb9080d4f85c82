internal import ArgumentParser
internal import Vamana

/// How the index of a measurement is built.
struct GraphOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The most neighbours of a vector in the graph (R).", valueName: "count"))
  var degree = VamanaConfiguration().maximumDegree

  @Option(
    help: ArgumentHelp(
      "How freely long edges are kept: 1 keeps the fewest, larger values more.", valueName: "factor"
    ))
  var alpha = VamanaConfiguration().alpha

  @Option(
    help: ArgumentHelp(
      "How many of a vector's neighbours are farther away. Default: the index decides.",
      valueName: "count"))
  var longRangeDegree: Int?

  @OptionGroup var build: BuildOptions

  func validate() throws { try OptionNames.check { try configuration.validate() } }

  /// The settings of a build for a search in memory.
  var configuration: VamanaConfiguration {
    var configuration = VamanaConfiguration()
    configuration.maximumDegree = degree
    configuration.candidateCount = max(configuration.candidateCount, degree)
    configuration.alpha = alpha
    configuration.longRangeDegree = longRangeDegree
    configuration.threadCount = build.buildThreads
    if let seed = build.seed { configuration.seed = seed }
    return configuration
  }
}
