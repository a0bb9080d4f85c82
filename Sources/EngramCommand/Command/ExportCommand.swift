internal import ArgumentParser
internal import Engram

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all records as JSON Lines.",
    discussion: """
      Episodes with their steps, tags and checkpoints, patterns, heuristics and relationships, as they \
      were at one moment. 'engram import jsonl' reads the file: imported into an empty home, its export \
      is the same, byte for byte. Embeddings are made anew then, unless --embeddings writes them too.

      The file appears when it is complete, and only its owner may read it. It may not lie in a home \
      folder.

      EXAMPLES
        engram export > memory.jsonl
        engram export memory.jsonl --embeddings
        engram export --overwrite latest.jsonl
        engram export | engram import jsonl - --home ./copy
      """)

  @Argument(help: "The file; - is standard output.")
  var file = "-"

  @Flag(help: "Write the vectors too, so that an import needs no model.")
  var embeddings = false

  @Flag(help: "Replace a file that is there already.")
  var overwrite = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let path = file == "-" ? nil : file
    let home = try global.homeFolder()
    let check = { @Sendable [overwrite] in
      if let path { try home.checkOutput(path, overwrite: overwrite) }
    }
    let counts = try await global.withMemory(creating: false) { memory in
      try check()
      let writer = try ExportWriter(path: path)
      try await memory.exportRecords(embeddings: embeddings) { try await writer.write($0) }
      return try await writer.finish(check)
    }
    // Standard output holds the records and nothing else.
    guard path != nil else { return }
    try global.output.print(counts) {
      "exported \(counts.episodes) episodes, \(counts.patterns) patterns, "
        + "\(counts.heuristics) heuristics, \(counts.relationships) relationships, "
        + "\(counts.embeddings) embeddings: \(Units.bytes(counts.bytes))"
    }
  }
}
