internal import ArgumentParser
internal import Embedders
internal import Foundation
internal import Platform

struct EmbedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Embed lines of text into a file of vectors.",
    discussion: """
      Reads one text a line from standard input (an empty line is a text too) and writes one vector \
      of unit length for each. The end of the file's name chooses the format: .npy, .fvecs or .fbin.

      EXAMPLES
        engram embed --output vectors.npy < texts.txt
        printf 'fix the parser\\nbuy milk\\n' | engram embed --output two.fvecs
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where to write the vectors.", valueName: "file"))
  var output: String

  @OptionGroup var format: OutputOptions

  private static let batchSize = 1024

  private struct Report: Encodable {
    var output: String
    var model: String
    var dimension: Int
    var count: Int
    var seconds: Double
  }

  func run() async throws {
    let embedder = try MiniLMEmbedder(model: MiniLMModel.locate())
    var writer = try VectorFileWriter(path: output, dimension: embedder.dimension)
    let bar = ProgressBar("embedding", unit: "texts")
    var batch: [String] = []
    let start = ContinuousClock.now
    while true {
      let line = readLine(strippingNewline: true)
      if let line { batch.append(line) }
      if batch.count == Self.batchSize || (line == nil && !batch.isEmpty) {
        try writer.append(embedder.contiguousVectors(of: batch))
        bar.advance(by: batch.count)
        batch.removeAll(keepingCapacity: true)
      }
      if line == nil { break }
    }
    let count = writer.count
    try writer.finish()
    bar.finish()
    let report = Report(
      output: output, model: embedder.model, dimension: embedder.dimension, count: count,
      seconds: (ContinuousClock.now - start).inSeconds)
    try format.print(report) {
      String(
        format: "%d texts, %.0f/s, to %@", count, Double(count) / max(report.seconds, 1e-9), output)
    }
  }
}
