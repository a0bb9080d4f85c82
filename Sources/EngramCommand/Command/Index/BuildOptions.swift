internal import ArgumentParser

/// What every measurement takes that builds an index.
struct BuildOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads that build, and compute the true neighbours.", valueName: "count"))
  var buildThreads = 2

  @Option(
    help: ArgumentHelp(
      "Seed of all that is drawn at random. Default: always the same one.", valueName: "number"))
  var seed: UInt64?

  func validate() throws { try OptionRange.check(("--build-threads", buildThreads, 1...1024)) }
}
