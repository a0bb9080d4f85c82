internal import ArgumentParser
internal import Embedders

struct DatasetBuildCommand: AsyncParsableCommand {
  /// The data sets that can be built.
  enum Name: String, ExpressibleByArgument, CaseIterable {
    case wordnet, debian, gaussian
  }

  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Build a data set: wordnet, debian or gaussian.",
    discussion: """
      wordnet   words and definitions of WordNet, embedded (Debian: wordnet-base)
      debian    descriptions of Debian's packages, embedded
      gaussian  vectors drawn around centres, and queries like them

      Writes NAME.npy, NAME.texts.jsonl (wordnet, debian), NAME.queries.npy (gaussian), \
      NAME.questions.jsonl (wordnet), and a manifest.json with source, licence and checksums.

      EXAMPLES
        engram dataset build wordnet --output data/wordnet
        engram dataset build debian --output data/debian --limit 20000
        engram dataset build gaussian --count 1000000 --dimension 128 --queries 1000
      """)

  @Argument(help: "The data set.")
  var name: Name

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write it. Default: a folder of its name.", valueName: "folder"))
  var output: String?

  @Option(help: "wordnet, debian: the most texts. Default: all.")
  var limit: Int?

  @Flag(help: "wordnet, debian: write the texts without their vectors.")
  var textsOnly = false

  @Option(help: "gaussian: how many vectors.")
  var count = 100_000

  @Option(help: "gaussian: the dimension of the vectors.")
  var dimension = 128

  @Option(help: "gaussian: how many clusters.")
  var clusters = 1000

  @Option(
    help: "gaussian: the width of a cluster; 1 is the distance of the centres from the origin.")
  var spread = 0.5

  @Option(help: "gaussian: how many query vectors, drawn like the others.")
  var queries = 1000

  @Option(help: "gaussian: the seed.")
  var seed: UInt64 = 1

  @OptionGroup var format: OutputOptions

  func validate() throws {
    if let limit, limit < 1 {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 or more")
    }
    guard queries >= 0 else {
      throw ArgumentParser.ValidationError("--queries is \(queries); expected 0 or more")
    }
  }

  func run() async throws {
    let builder = try DatasetBuilder(folder: output ?? name.rawValue, name: name.rawValue)
    let manifest: DatasetManifest
    switch name {
    case .wordnet: manifest = try await build(WordNet.read(countMax: limit), with: builder)
    case .debian: manifest = try await build(DebianPackages.read(countMax: limit), with: builder)
    case .gaussian:
      let bar = ProgressBar("vectors", total: count)
      manifest = try builder.build(
        GaussianClusters(
          count: count, dimension: dimension, clusterCount: clusters, spread: spread, seed: seed),
        queryCount: queries
      ) { bar.update(to: $0) }
      bar.finish()
    }
    try format.print(manifest) {
      "\(manifest.count) \(name.rawValue) vectors or texts in \(builder.folder)"
    }
  }

  private func build(
    _ texts: DatasetTexts, with builder: DatasetBuilder
  ) async throws -> DatasetManifest {
    guard !textsOnly else { return try await builder.build(texts) }
    let embedder = try MiniLMEmbedder(model: MiniLMModel.locate())
    let bar = ProgressBar("embedding", total: texts.texts.count, unit: "texts")
    defer { bar.finish() }
    return try await builder.build(
      texts,
      embedding: DatasetEmbedding(
        model: embedder.model, dimension: embedder.dimension,
        embed: { embedder.contiguousVectors(of: $0) })
    ) { bar.update(to: $0) }
  }
}
