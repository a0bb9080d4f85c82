internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Vamana

struct IndexStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Print what the index consists of.",
    discussion: """
      EXAMPLES
        engram index status
        engram index status --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let status = try await global.withMemory(creating: false) { try await $0.indexStatus() }
    try global.output.print(status) {
      var lines = status.segments.map {
        "segment \($0.id): \($0.count) vectors of \($0.model), \(Units.bytes($0.byteCount))"
      }
      if lines.isEmpty { lines.append("no segment yet; 'engram index build' makes one") }
      lines.append(
        "\(status.tailCount) not yet indexed (scanned exactly), \(status.deadCount) dead, "
          + "\(status.embeddingCount) embeddings of episodes in all")
      return lines.joined(separator: "\n")
    }
  }
}
