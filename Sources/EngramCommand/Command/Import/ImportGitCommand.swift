internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct ImportGitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "git",
    abstract: "Import the history of a Git repository, each commit an episode.",
    discussion: """
      The task is the commit's subject, the steps are its files, the domain its top folder, the \
      language that of its files; a commit that was reverted later is a failure. Importing again \
      adds what is new and updates what was reverted since.

      EXAMPLES
        engram import git .
        engram import git ~/src/project --revision main --limit 5000
      """)

  @Argument(help: "The repository: a work tree or a bare one.")
  var repository: String

  @Option(help: "A branch, tag or commit: it and its ancestors are imported.")
  var revision = "HEAD"

  @Option(help: "The newest commits only. Default: all.")
  var limit: Int?

  @Flag(help: "Merge commits too.")
  var merges = false

  @OptionGroup var place: NamespaceOptions

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let limit, limit < 1 {
      throw ArgumentParser.ValidationError("--limit is \(limit); expected 1 or more")
    }
  }

  func run() async throws {
    var reader = try GitHistoryReader(
      repository: repository,
      options: GitHistoryReader.Options(
        revision: revision, commitsMax: limit, includesMerges: merges, namespace: place.name()))
    let bar = ProgressBar("importing", total: reader.commitCount, unit: "commits")
    try await global.withMemory(shardOf: try place.name(), tellsEvictions: false) { memory in
      var batch = ImportBatch(memory: memory, policy: .replaceChanged)
      var count = 0
      while let episode = try reader.next() {
        try await batch.add(episode)
        count += 1
        bar.update(to: count)
      }
      try await batch.flush()
      await memory.prepareSearchAfterImport()
      bar.finish()
      let report = ImportReport(batch.summary, failedLines: 0)
      try global.output.print(report) { report.text }
    }
  }
}
