public import Episodes

/// Reads the history of a Git repository as episodes, one for each commit, oldest first.
///
/// The work is done by the `git` tool, whose output is read as it comes: memory does not grow with
/// the history, except by the commits that were reverted. Nothing in the repository is changed and
/// none of its programs (hooks, diff drivers) is run. In a shallow clone the oldest commits look
/// as if they had added every file.
///
/// ```swift
/// var reader = try GitHistoryReader(repository: ".")
/// while let episode = try reader.next() { batch.append(episode) }
/// ```
public struct GitHistoryReader: ~Copyable {
  /// Which commits become episodes.
  public struct Options: Hashable, Sendable {
    /// A branch, tag or commit: it and its ancestors are read.
    public var revision: String
    /// The newest commits only; nil for all.
    public var commitsMax: Int?
    /// Merge commits are left out by default: what they bring in is told by the commits merged.
    /// When included, their steps are the changes against the first parent.
    public var includesMerges: Bool
    public var namespace: String

    public init(
      revision: String = "HEAD", commitsMax: Int? = nil, includesMerges: Bool = false,
      namespace: String = Episode.defaultNamespace
    ) {
      self.revision = revision
      self.commitsMax = commitsMax
      self.includesMerges = includesMerges
      self.namespace = namespace
    }
  }

  /// The name of the folder that holds the repository.
  public let repositoryName: String
  /// How many episodes there will be.
  public let commitCount: Int
  private let tool: GitTool
  private let options: Options
  private let reverts: GitReverts
  private var parser = GitLogParser(filesMax: EpisodeLimits.stepsMax)
  /// Nil when all has been read.
  private var output: Output?

  /// Opens a repository, bare or not; a folder inside a work tree means its repository.
  ///
  /// - Throws: ``GitHistoryError``.
  public init(
    repository path: String, options: Options = Options()
  ) throws(GitHistoryError) {
    try self.init(repository: path, options: options, environment: nil)
  }

  init(
    repository path: String, options: Options, environment: [String: String]?
  ) throws(GitHistoryError) {
    let tool = GitTool(repository: path, environment: environment)
    let history = try Self.history(tool, path: path, options: options)
    output = try Self.start(tool, options: options, tip: history.tip)
    self.tool = tool
    self.options = options
    repositoryName = history.name
    commitCount = history.count
    reverts = history.reverts
  }

  /// A running `git log`.
  private struct Output: ~Copyable {
    var process: ChildProcess
    var pieces: LineReader
  }

  private static func start(
    _ tool: GitTool, options: Options, tip: String?
  ) throws(GitHistoryError) -> Output? {
    guard let tip else { return nil }
    var process = try tool.start(
      ["log", "-z", "--topo-order", "--reverse"] + selection(options)
        + [
          "--no-color", "--no-decorate", "--no-notes", "--no-show-signature",
          "--encoding=UTF-8", "--no-ext-diff", "--no-textconv", "--no-abbrev", "--raw",
          "--numstat", "-M", GitLogParser.format, tip, "--",
        ])
    let pieces = LineReader(
      process.takeOutput(), lineBytesMax: EpisodeFileReader.defaultLineBytesMax, delimiter: 0)
    return Output(process: process, pieces: pieces)
  }

  /// The next commit as an episode, or nil at the end.
  ///
  /// - Throws: ``GitHistoryError``, also when Git fails on the way.
  public mutating func next() throws(GitHistoryError) -> Episode? {
    while let piece = try nextPiece() {
      if let commit = try parser.add(piece) { return episode(from: commit) }
    }
    guard var output = output.take() else { return nil }
    try tool.check(output.process.wait())
    return try parser.finish().map { episode(from: $0) }
  }

  private mutating func nextPiece() throws(GitHistoryError) -> [UInt8]? {
    let piece: [UInt8]??
    do throws(FileError) {
      piece = try output?.pieces.next { line in
        if case .text(let bytes) = line { Array(bytes) } else { nil }
      }
    } catch {
      throw .failed(status: -1, message: error.description)
    }
    guard let piece else { return nil }
    guard let piece else { throw .unexpectedOutput("a field of more than 64 MB") }
    return piece
  }

  private func episode(from commit: GitCommit) -> Episode {
    commit.episode(
      repository: repositoryName, namespace: options.namespace,
      reverter: reverts.reverter(of: commit.name))
  }

  /// What is known of the history before its commits are read.
  private struct History {
    var name = ""
    /// The full name of the newest commit; nil in a repository without commits.
    var tip: String?
    var count = 0
    var reverts = GitReverts()
  }

  private static func history(
    _ tool: GitTool, path: String, options: Options
  ) throws(GitHistoryError) -> History {
    guard InputFile.isFolder(path) else { throw .noFolder(path: path) }
    var history = History()
    history.name = folderName(
      try tool.run(["rev-parse", "--path-format=absolute", "--git-common-dir"]))
    guard !options.revision.isEmpty, !options.revision.hasPrefix("-") else {
      throw .unknownRevision(options.revision)
    }
    do throws(GitHistoryError) {
      history.tip = try tool.run(
        ["rev-parse", "--verify", "--quiet", options.revision + "^{commit}"])
    } catch {
      guard case .failed(_, "no message") = error else { throw error }
      // A repository without commits has a HEAD that leads nowhere yet.
      guard options.revision == "HEAD" else { throw .unknownRevision(options.revision) }
      return history
    }
    let tip = history.tip ?? options.revision
    history.count =
      Int(try tool.run(["rev-list", "--count"] + selection(options) + [tip, "--"])) ?? 0
    history.reverts = try reverts(tool, tip: tip)
    return history
  }

  private static func selection(_ options: Options) -> [String] {
    (options.commitsMax.map { ["--max-count=\(max(0, $0))"] } ?? [])
      + (options.includesMerges ? ["--diff-merges=first-parent"] : ["--no-merges"])
  }

  /// Finds the reverted commits by the messages of the ones that revert, newest first.
  private static func reverts(
    _ tool: GitTool, tip: String
  ) throws(GitHistoryError) -> GitReverts {
    var reverts = GitReverts()
    var process = try tool.start([
      "log", "-z", "--topo-order", "--no-color", "--encoding=UTF-8", "--no-show-signature",
      "--fixed-strings", "--grep=This reverts commit", "--format=tformat:%H%n%B", tip, "--",
    ])
    var pieces = LineReader(
      process.takeOutput(), lineBytesMax: EpisodeFileReader.defaultLineBytesMax, delimiter: 0)
    do throws(FileError) {
      while let message = try pieces.next({ line in
        if case .text(let bytes) = line { String(decoding: bytes, as: UTF8.self) } else { "" }
      }) {
        guard let end = message.firstIndex(of: "\n") else { continue }
        reverts.add(
          commit: String(message[..<end]), message: message[message.index(after: end)...])
      }
    } catch {
      throw .failed(status: -1, message: error.description)
    }
    try tool.check(process.wait())
    return reverts
  }

  /// `engram` for `/src/engram/.git`, `/src/engram.git` and `/src/engram`.
  static func folderName(_ gitFolder: String) -> String {
    var parts = gitFolder.split(separator: "/")
    if parts.last == ".git" { parts.removeLast() }
    let name = parts.last.map(String.init) ?? "repository"
    return name.hasSuffix(".git") && name.count > 4 ? String(name.dropLast(4)) : name
  }
}
