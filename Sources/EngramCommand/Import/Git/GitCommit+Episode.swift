import Episodes

extension GitCommit {
  /// Paths named as artifacts of the outcome.
  private static let artifactsMax = 200
  /// UTF-8 bytes of all the steps of one episode.
  private static let stepBytesMax = 4_000_000

  /// The commit as an episode: its files are the steps, and the commit that took it back, if any,
  /// makes it a failure.
  func episode(
    repository: String, namespace: String, reverter: GitReverts.Reverter?
  ) -> Episode {
    let start = Self.timestamp(authorTime)
    let convention = ConventionalSubject(String(subject))
    return Episode(
      id: "git-" + name, namespace: namespace,
      agentID: Self.identifier(email: authorEmail, name: authorName),
      taskType: convention.taskType, taskDescription: taskDescription,
      context: TaskContext(
        domain: domain, language: SourceLanguage.mostFrequent(in: files.map(\.path)),
        complexity: complexity),
      startTime: start, endTime: max(start, Self.timestamp(committerTime)),
      steps: steps(at: start), outcome: outcome(reverter), tags: convention.tags,
      metadata: [
        "commit": name, "repository": repository, "author": authorName,
        "filesChanged": String(fileCount), "linesAdded": String(addedLines),
        "linesRemoved": String(removedLines),
      ])
  }

  /// The message without the lines at its end that only name people and tickets.
  private var taskDescription: String {
    var paragraphs = message.split(separator: "\n\n", omittingEmptySubsequences: true)
    if paragraphs.count > 1, let last = paragraphs.last,
      last.split(separator: "\n").allSatisfy({
        $0.prefixMatch(of: #/[A-Za-z][A-Za-z0-9-]*: /#) != nil
      })
    {
      paragraphs.removeLast()
    }
    let text = paragraphs.joined(separator: "\n\n").trimmed
    guard !text.isEmpty else {
      let path = files.first.map { " (\($0.path))" } ?? ""
      return "commit \(name.prefix(12)) without a message\(path)"
    }
    return String(text.prefix(EpisodeLimits.textCharactersMax))
  }

  private func outcome(_ reverter: GitReverts.Reverter?) -> TaskOutcome {
    if let reverter {
      return .failure(
        reason: "reverted by \(reverter.commit): \(reverter.subject)", details: nil)
    }
    let paths = files.lazy.filter { $0.status != .deleted }.map(\.path)
    return .success(
      verdict: String(subject.prefix(EpisodeLimits.textCharactersMax)),
      artifacts: Array(paths.prefix(Self.artifactsMax)))
  }

  private func steps(at time: Timestamp) -> [ExecutionStep] {
    var steps: [ExecutionStep] = []
    var byteCount = 0
    for change in files.prefix(EpisodeLimits.stepsMax) {
      let step = change.step(number: steps.count + 1, timestamp: time)
      byteCount += 2 * (change.path.utf8.count + (change.originalPath?.utf8.count ?? 0)) + 100
      guard byteCount <= Self.stepBytesMax else { break }
      steps.append(step)
    }
    return steps
  }

  /// The top folder of most files; `general` when most lie in none.
  private var domain: String {
    var counts: [String: Int] = [:]
    for file in files {
      let folder = file.path.firstIndex(of: "/").map { String(file.path[..<$0]) } ?? ""
      counts[folder, default: 0] += 1
    }
    let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    return most.isEmpty ? "general" : String(most.prefix(Identifier.charactersMax))
  }

  /// By the size of the change: most commits to a code base touch a few files.
  private var complexity: TaskComplexity {
    let lines = addedLines + removedLines
    if fileCount <= 2 && lines <= 50 { return .simple }
    return fileCount <= 10 && lines <= 500 ? .moderate : .complex
  }

  /// Damaged commits can be dated outside of every calendar.
  private static func timestamp(_ seconds: Int64) -> Timestamp {
    let limit = Int64.max / 1_000_000_000
    return Timestamp(nanosecondsSince1970: min(max(seconds, -limit), limit) * 1_000_000_000)
  }

  /// The author's e-mail address, or the name with hyphens for spaces.
  private static func identifier(email: String, name: String) -> String? {
    let hyphenated = name.split(whereSeparator: \.isWhitespace).joined(separator: "-")
    // Authors may write their names decomposed, which no identifier is.
    return [email, hyphenated].map { String(decoding: $0._nfcCodeUnits, as: UTF8.self) }
      .first(where: Identifier.isValid)
  }
}

extension GitFileChange {
  func step(number: Int, timestamp: Timestamp) -> ExecutionStep {
    let counts: String
    var parameters: [String: JSONValue] = [
      "path": .string(path), "status": .string(String(describing: status)),
    ]
    if let addedLines, let removedLines {
      counts = "+\(addedLines) −\(removedLines)"
      parameters["added"] = .integer(Int64(addedLines))
      parameters["removed"] = .integer(Int64(removedLines))
    } else {
      counts = "binary"
    }
    if let originalPath { parameters["originalPath"] = .string(originalPath) }
    let place = originalPath.map { "\($0) to \(path)" } ?? path
    return ExecutionStep(
      number: number, timestamp: timestamp, tool: "git",
      action: "\(status.verb) \(place) (\(counts))", parameters: .object(parameters),
      result: .success(output: counts))
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
