import Episodes
import Foundation
import Testing

@testable import EngramCommand

@Suite("Reading the history of a Git repository")
struct GitHistoryReaderTests {
  private func read(
    _ path: String, options: GitHistoryReader.Options = .init(),
    environment: [String: String]? = nil
  ) throws -> [Episode] {
    var reader = try GitHistoryReader(
      repository: path, options: options, environment: environment)
    var episodes: [Episode] = []
    while let episode = try reader.next() {
      try episode.validate()
      episodes.append(episode)
    }
    #expect(try reader.next() == nil)
    #expect(reader.commitCount == episodes.count)
    return episodes
  }

  private func failure(
    _ path: String, options: GitHistoryReader.Options = .init(),
    environment: [String: String]? = nil
  ) throws -> GitHistoryError {
    let error = #expect(throws: GitHistoryError.self) {
      _ = try GitHistoryReader(repository: path, options: options, environment: environment)
    }
    let found = try #require(error)
    #expect(!found.description.contains("\n"))
    return found
  }

  @Test("A commit becomes an episode, field for field")
  func fields() throws {
    let repository = try TestRepository(name: "billing-api")
    try repository.write("one\ntwo\nthree\n", to: "src/auth/session.py")
    try repository.write("x\n", to: "README.md")
    let first = try repository.commit("Start the project")
    try repository.write("one\n2\nthree\nfour\n", to: "src/auth/session.py")
    try repository.write([0, 1, 2, 255, 0], to: "src/logo.png")
    try repository.git("mv", "README.md", "Guide.md")
    let second = try repository.commit(
      """
      fix(auth)!: refresh tokens an hour early

      The clock of the gate runs late, so that tokens
      were refused.

      Closes: BIL-311
      Signed-off-by: Ada Lovelace <ada@example.org>
      """)

    let episodes = try read(repository.path)
    #expect(episodes.map(\.id) == ["git-\(first)", "git-\(second)"])
    let episode = episodes[1]
    #expect(episode.namespace == "default")
    #expect(episode.agentID == "ada@example.org")
    #expect(episode.taskType == .debugging)
    #expect(
      episode.taskDescription == """
        fix(auth)!: refresh tokens an hour early

        The clock of the gate runs late, so that tokens
        were refused.
        """)
    #expect(episode.context.domain == "src")
    #expect(episode.context.language == "python")
    #expect(episode.context.complexity == .moderate)
    #expect(episode.tags.map(\.name) == ["fix", "auth", "breaking"])
    #expect(
      episode.outcome
        == .success(
          verdict: "fix(auth)!: refresh tokens an hour early",
          artifacts: ["Guide.md", "src/auth/session.py", "src/logo.png"]))
    #expect(
      episode.metadata == [
        "commit": second, "repository": "billing-api", "author": "Ada Lovelace",
        "filesChanged": "3", "linesAdded": "2", "linesRemoved": "1",
      ])
    #expect(
      episode.steps.map(\.action) == [
        "rename README.md to Guide.md (+0 −0)", "modify src/auth/session.py (+2 −1)",
        "add src/logo.png (binary)",
      ])
    #expect(episode.steps.map(\.number) == [1, 2, 3])
    #expect(episode.steps.allSatisfy { $0.tool == "git" && $0.succeeded })
    #expect(
      episode.steps[0].parameters == [
        "path": "Guide.md", "originalPath": "README.md", "status": "renamed", "added": 0,
        "removed": 0,
      ])
    #expect(episode.steps[2].parameters == ["path": "src/logo.png", "status": "added"])
    #expect(episodes[0].taskType == .other)
    #expect(episodes[0].context.domain == "general")
    #expect(episodes[0].startTime < episode.startTime)
    #expect(try read(repository.path) == episodes)
  }

  @Test("Times are the author's and the committer's, and never run backwards")
  func times() throws {
    let repository = try TestRepository()
    try repository.commit("one", authorDelaySeconds: -7200)
    try repository.commit("two", authorDelaySeconds: 7200)
    let episodes = try read(repository.path)
    #expect(episodes[0].endTime?.seconds(since: episodes[0].startTime) == 7200)
    #expect(episodes[1].endTime == episodes[1].startTime)
  }

  @Test("A reverted commit failed; a revert that was reverted itself takes nothing back")
  func reverts() throws {
    let repository = try TestRepository()
    try repository.write("a\n", to: "a.txt")
    let kept = try repository.commit("Add a")
    try repository.write("b\n", to: "b.txt")
    let taken = try repository.commit("Add b")
    try repository.git("revert", "--no-edit", taken)
    let revert = try repository.head()
    try repository.write("c\n", to: "c.txt")
    let revived = try repository.commit("Add c")
    try repository.git("revert", "--no-edit", revived)
    let undone = try repository.head()
    try repository.git("revert", "--no-edit", undone)
    let again = try repository.head()
    let short = try repository.commit("Add d")
    let byShort = try repository.commit(
      "Take d back\n\nThis reverts commit \(short.prefix(9)), which was wrong.")
    let quoted = try repository.commit("Speak of it\n\nSaid \"This reverts commit \(kept)\".")

    let outcomes = Dictionary(
      uniqueKeysWithValues: try read(repository.path).map { ($0.metadata["commit"]!, $0.outcome!) })
    func reason(_ commit: String) -> String? {
      if case .failure(let reason, _) = outcomes[commit] { reason } else { nil }
    }
    #expect(outcomes.count == 9)
    #expect(reason(kept) == nil)
    #expect(reason(taken) == "reverted by \(revert): Revert \"Add b\"")
    #expect(reason(revert) == nil)
    #expect(reason(revived) == nil)
    #expect(reason(undone) == "reverted by \(again): Revert \"Revert \"Add c\"\"")
    #expect(reason(again) == nil)
    #expect(reason(short) == "reverted by \(byShort): Take d back")
    #expect(reason(quoted) == nil)
  }

  @Test("A revert after the first import changes the outcome and nothing else")
  func laterRevert() throws {
    let repository = try TestRepository()
    try repository.write("a\n", to: "a.txt")
    try repository.commit("Add a")
    var before = try read(repository.path)
    try repository.git("revert", "--no-edit", "HEAD")
    let revert = try repository.head()
    let after = try read(repository.path)
    before[0].outcome = .failure(reason: "reverted by \(revert): Revert \"Add a\"", details: nil)
    #expect(after[0] == before[0])
  }

  @Test("Merges are left out, or told against their first parent")
  func merges() throws {
    let repository = try TestRepository()
    try repository.write("a\n", to: "a.txt")
    try repository.commit("Add a")
    try repository.git("checkout", "--quiet", "-b", "side")
    try repository.write("b\n", to: "b.txt")
    try repository.commit("Add b")
    try repository.git("checkout", "--quiet", "main")
    try repository.write("c\n", to: "c.txt")
    try repository.commit("Add c")
    try repository.git("merge", "--quiet", "--no-edit", "side")
    let subjects = { (episodes: [Episode]) in episodes.map(\.taskDescription) }
    #expect(Set(subjects(try read(repository.path))) == ["Add a", "Add b", "Add c"])
    let all = try read(repository.path, options: .init(includesMerges: true))
    #expect(all.count == 4)
    #expect(all.last?.taskDescription == "Merge branch 'side'")
    #expect(all.last?.steps.map(\.action) == ["add b.txt (+1 −0)"])

    let side = try read(repository.path, options: .init(revision: "side"))
    #expect(subjects(side) == ["Add a", "Add b"])
    #expect(try read(repository.path, options: .init(commitsMax: 1)).count == 1)
    #expect(try read(repository.path, options: .init(commitsMax: 0)).isEmpty)
    #expect(
      try read(repository.path, options: .init(revision: "side", commitsMax: 1, namespace: "n"))
        .map { "\($0.namespace) \($0.taskDescription)" } == ["n Add b"])
  }

  @Test("Names of files with spaces, tabs, line ends, quotes and colons stay whole")
  func strangeNames() throws {
    let repository = try TestRepository()
    let names = [
      ":100644 000000 1 2 M", "1\t2\tx", "a b", "dir/-n", "dir/line\nend", "é \"q\".c", "\u{2}abc",
    ]
    for name in names { try repository.write("x\n", to: name) }
    try repository.commit("Add names")
    try repository.git("mv", "--", "1\t2\tx", "3\t4\ty\n")
    try repository.commit("Rename one")
    let episodes = try read(repository.path)
    let paths = episodes[0].steps.compactMap { step -> String? in
      guard case .object(let fields) = step.parameters, case .string(let path) = fields["path"]
      else { return nil }
      #expect(fields["added"] == 1)
      return path
    }
    #expect(Set(paths) == Set(names))
    #expect(episodes[1].steps.count == 1)
    #expect(
      episodes[1].steps[0].parameters == [
        "path": "3\t4\ty\n", "originalPath": "1\t2\tx", "status": "renamed", "added": 0,
        "removed": 0,
      ])
  }

  @Test("A commit of more files than an episode has steps keeps the first and counts the rest")
  func manyFiles() throws {
    let repository = try TestRepository()
    for index in 0..<1_203 { try repository.write("\(index)\n", to: "f/\(index).rs") }
    try repository.commit("Add many")
    let episode = try #require(try read(repository.path).first)
    #expect(episode.steps.count == 1_000)
    #expect(episode.metadata["filesChanged"] == "1203")
    #expect(episode.metadata["linesAdded"] == "1203")
    #expect(episode.context.complexity == .complex)
    guard case .success(_, let artifacts) = episode.outcome else {
      Issue.record("expected a success")
      return
    }
    #expect(artifacts.count == 200)
  }

  @Test("Messages without words or longer than a description are brought within the limits")
  func messages() throws {
    let repository = try TestRepository()
    try repository.write("x\n", to: "x.txt")
    let empty = try repository.commit("")
    try repository.commit("Long\n\n" + String(repeating: "é ", count: 9_000))
    try repository.commit("Only: a trailer-like subject")
    try repository.commit("By hand", author: "Grace B. Hopper <>")
    let episodes = try read(repository.path)
    #expect(
      episodes[0].taskDescription == "commit \(empty.prefix(12)) without a message (x.txt)")
    #expect(episodes[1].taskDescription.count == 10_000)
    #expect(episodes[2].taskDescription == "Only: a trailer-like subject")
    #expect(episodes[3].agentID == "Grace-B.-Hopper")
  }

  @Test("Bare repositories, folders inside one, and paths like options are read")
  func places() throws {
    let repository = try TestRepository(name: "-project")
    try repository.write("x\n", to: "deep/down/x.txt")
    try repository.commit("Add x")
    let bare = repository.folder.path("copy.git")
    try repository.git("clone", "--quiet", "--bare", ".", bare)
    for path in [repository.path, repository.path + "/deep/down", repository.path + "/.git", bare] {
      let episodes = try read(path)
      #expect(episodes.count == 1)
      #expect(episodes[0].metadata["repository"] == (path == bare ? "copy" : "-project"))
      #expect(episodes[0].steps.map(\.action) == ["add deep/down/x.txt (+1 −0)"])
    }
    // Relative to the working directory of the process, which tests share.
    #expect(GitTool(repository: "-project").path == "./-project")
  }

  @Test("A repository without commits has no episodes")
  func noCommits() throws {
    let repository = try TestRepository()
    #expect(try read(repository.path).isEmpty)
    #expect(
      try failure(repository.path, options: .init(revision: "main")) == .unknownRevision("main"))
  }

  @Test("What is no repository, no folder or no revision is named as that")
  func refusals() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    let plain = repository.folder.path("plain")
    try FileManager.default.createDirectory(atPath: plain, withIntermediateDirectories: true)
    #expect(try failure(plain) == .notRepository(path: plain))
    #expect(
      try failure(plain).description
        == "'\(plain)' is not a Git repository; expected a folder with a repository in it")
    #expect(try failure(plain + "/none") == .noFolder(path: plain + "/none"))
    #expect(try failure("") == .noFolder(path: ""))
    for revision in ["nope", "--all", "-n1", "", "HEAD:README", "HEAD~5"] {
      #expect(
        try failure(repository.path, options: .init(revision: revision))
          == .unknownRevision(revision))
    }
  }

  @Test("A repository of another user is reported with the setting that would trust it")
  func untrusted() throws {
    let repository = try TestRepository()
    try repository.commit("one")
    var environment = ProcessInfo.processInfo.environment
    environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    let error = try failure(repository.path, environment: environment)
    #expect(error == .untrusted(path: repository.path))
    #expect(error.description.contains("git config --global --add safe.directory"))
  }

  @Test("A program that is not there is an error of the system, and git's says how to get it")
  func noGit() throws {
    let error = #expect(throws: FileError.self) {
      _ = try ChildProcess.run("engram-no-such-program", [], environment: [:])
    }
    let found = try #require(error)
    #expect(found.isMissing)
    #expect(
      GitHistoryError.gitUnavailable(found).description
        == "git cannot be started: cannot open 'engram-no-such-program': "
        + "No such file or directory; install it, for example with 'apt-get install git'")
  }

  @Test("Settings of the user and the repository change nothing and run nothing")
  func hostileSettings() throws {
    let repository = try TestRepository()
    try repository.write("a\n", to: "sub/a.txt")
    try repository.write("*.txt diff=evil\n", to: ".gitattributes")
    try repository.commit("Add a")
    let plain = try read(repository.path)
    let proof = repository.folder.path("proof")
    for (key, value) in [
      ("color.ui", "always"), ("format.pretty", "fuller"), ("log.showRoot", "false"),
      ("log.showSignature", "true"), ("log.decorate", "full"), ("diff.relative", "true"),
      ("diff.external", "touch \(proof)"), ("diff.evil.textconv", "touch \(proof)"),
      ("diff.evil.command", "touch \(proof)"), ("core.fsmonitor", "touch \(proof)"),
      ("core.pager", "touch \(proof)"), ("diff.orderFile", "/nonexistent"),
      ("diff.noprefix", "true"), ("log.date", "relative"), ("diff.renames", "false"),
      ("core.quotePath", "true"), ("log.follow", "true"),
    ] {
      try repository.git("config", key, value)
    }
    var environment = ProcessInfo.processInfo.environment
    environment["GIT_DIR"] = "/nonexistent"
    environment["GIT_EXTERNAL_DIFF"] = "touch \(proof)"
    environment["GIT_TRACE"] = "1"
    environment["LC_ALL"] = "de_DE.UTF-8"
    #expect(try read(repository.path + "/sub", environment: environment) == plain)
    #expect(!FileManager.default.fileExists(atPath: proof))
  }

  @Test("A reader that is given up ends git and leaves nothing running")
  func givenUp() throws {
    let repository = try TestRepository()
    for index in 0..<3 { try repository.commit("commit \(index)") }
    func readOne() throws -> Episode? {
      var reader = try GitHistoryReader(repository: repository.path)
      return try reader.next()
    }
    #expect(try readOne()?.taskDescription == "commit 0")
  }

  @Test("A damaged repository is an error, not a short history")
  func damaged() throws {
    let repository = try TestRepository()
    try repository.write("a\n", to: "a.txt")
    try repository.commit("one")
    try repository.write("b\n", to: "a.txt")
    try repository.commit("two")
    let tree = try repository.git("rev-parse", "HEAD^{tree}")
    let object = repository.path + "/.git/objects/\(tree.prefix(2))/\(tree.dropFirst(2))"
    try FileManager.default.removeItem(atPath: object)
    let error = #expect(throws: GitHistoryError.self) {
      var reader = try GitHistoryReader(repository: repository.path)
      while try reader.next() != nil {}
    }
    guard case .failed(let status, let message) = try #require(error) else {
      Issue.record("expected a failure of git")
      return
    }
    #expect(status == 128)
    #expect(message.hasPrefix("fatal: "))
  }
}
