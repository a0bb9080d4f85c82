internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow folders of transcripts, and import what is new.",
    discussion: """
      Looks at an interval whether anything was written (on Linux by the word of the kernel; elsewhere, and where that \
      fails, through the folders), and imports each transcript that has not changed for one, or that has been growing \
      for ten seconds. Goes on where it stopped. Ends at SIGINT or SIGTERM. A line is printed for each \
      import that stored something, or JSON Lines with --format json.

      EXAMPLES
        engram watch --claude-code --codex
        engram watch ~/.claude/projects/-home-ann-shop --namespace shop --format json
      """)

  @Argument(help: "Folders, and files, to follow.")
  var folders: [String] = []

  @OptionGroup var transcripts: TranscriptOptions

  @Option(help: ArgumentHelp("Between two looks.", valueName: "seconds"))
  var interval = 2.0

  @OptionGroup var place: NamespaceOptions

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard interval >= 0.01, interval <= 3_600 else {
      throw ArgumentParser.ValidationError("--interval is \(interval); expected 0.01 to 3600")
    }
  }

  func run() async throws {
    // Nobody may read on what is told: the import goes on.
    signal(SIGPIPE, SIG_IGN)
    let places = try transcripts.places(folders)
    let options = try transcripts.fileOptions(namespace: place.name())
    let home = try global.homeFolder().path
    try await global.withMemory(shardOf: try place.name(), isStaying: true) { memory in
      let service = TranscriptWatch(
        importer: TranscriptImporter(
          memory: memory, places: TranscriptPlaces(home: home), options: options),
        places: places, intervalSeconds: interval, output: global.output)
      var logger = Logger(label: "engram.watch")
      logger.logLevel = .warning
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [
            .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)
          ],
          gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
      try await group.run()
    }
  }
}
