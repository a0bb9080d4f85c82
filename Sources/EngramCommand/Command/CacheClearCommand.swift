internal import ArgumentParser
internal import Engram
internal import Sync

struct CacheClearCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Empty the cache and fill it again from the durable store.",
    discussion: """
      EXAMPLES
        engram cache clear
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withMemory(creating: false) { try await $0.clearCache() }
    try global.output.print(report) {
      "emptied the cache and carried \(report.episodesWritten) episodes, "
        + "\(report.embeddingsWritten) embeddings, \(report.patternsWritten) patterns and "
        + "\(report.segmentsCarried) segments"
    }
  }
}
