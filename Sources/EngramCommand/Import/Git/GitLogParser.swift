/// Puts commits together from the pieces of `git log -z --raw --numstat`.
///
/// Git separates everything by NUL: first the fields of the commit, then for each file a piece with
/// its modes and status and one or two with its paths, then for each file its line counts. What a
/// piece means follows from the ones before it, so that no name of a file is taken for anything
/// else.
struct GitLogParser {
  /// The format to ask for: a mark, then fields that each end with NUL.
  static let format =
    "--format=format:%x02%H%x00%aN%x00%aE%x00%at%x00%ct%x00%B%x00"
  private static let fieldCount = 6
  private static let mark: Character = "\u{2}"

  /// Files kept of one commit; the rest is counted.
  let filesMax: Int
  private var state = State.betweenPieces
  private var fields: [String] = []
  private var commit: GitCommit?
  /// The places in `commit.files` by path, to join line counts with them.
  private var places: [String: Int] = [:]

  private enum State {
    case betweenPieces
    case inFields
    case path(GitFileChange.Status)
    case originalPath(GitFileChange.Status)
    case renamedPath(GitFileChange.Status, original: String)
    case countsOriginalPath(added: Int?, removed: Int?)
    case countsRenamedPath(added: Int?, removed: Int?)
  }

  init(filesMax: Int) { self.filesMax = filesMax }

  /// Takes in the next piece.
  ///
  /// - Returns: the commit that the piece shows to be complete, if any.
  mutating func add(_ piece: [UInt8]) throws(GitHistoryError) -> GitCommit? {
    let text = String(decoding: piece, as: UTF8.self)
    switch state {
    case .inFields:
      fields.append(text)
      if fields.count == Self.fieldCount { try beginCommit() }
      return nil
    case .path(let status):
      add(GitFileChange(status: status, path: text))
    case .originalPath(let status):
      state = .renamedPath(status, original: text)
      return nil
    case .renamedPath(let status, let original):
      add(GitFileChange(status: status, path: text, originalPath: original))
    case .countsOriginalPath(let added, let removed):
      state = .countsRenamedPath(added: added, removed: removed)
      return nil
    case .countsRenamedPath(let added, let removed):
      setCounts(of: text, added: added, removed: removed)
    case .betweenPieces: return try begin(text)
    }
    state = .betweenPieces
    return nil
  }

  /// The last commit, at the end of the output.
  mutating func finish() throws(GitHistoryError) -> GitCommit? {
    guard case .betweenPieces = state else {
      throw .unexpectedOutput("the output ends in the middle of a commit")
    }
    defer { commit = nil }
    return commit
  }

  /// Reads a piece that says what kind of piece it is.
  private mutating func begin(_ text: String) throws(GitHistoryError) -> GitCommit? {
    // A line feed parts the fields of a commit from its files.
    let piece = text.hasPrefix("\n") ? text.dropFirst() : text[...]
    switch piece.first {
    case nil: return nil
    case Self.mark:
      defer { commit = nil }
      fields = [String(piece.dropFirst())]
      state = .inFields
      return commit
    case ":":
      guard let letter = piece.split(separator: " ").last?.first, commit != nil else {
        throw .unexpectedOutput(String(piece.prefix(80)))
      }
      let status = GitFileChange.Status(rawValue: String(letter)) ?? .unknown
      state =
        status == .renamed || status == .copied ? .originalPath(status) : .path(status)
    default:
      let columns = piece.split(
        separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
      guard columns.count == 3, commit != nil else {
        throw .unexpectedOutput(String(piece.prefix(80)))
      }
      let added = Self.lineCount(columns[0])
      let removed = Self.lineCount(columns[1])
      if columns[2].isEmpty {
        state = .countsOriginalPath(added: added, removed: removed)
      } else {
        setCounts(of: String(columns[2]), added: added, removed: removed)
      }
    }
    return nil
  }

  /// A count of lines; nil for the hyphen of a binary file and for what no file can have.
  private static func lineCount(_ text: Substring) -> Int? {
    Int(text).flatMap { (0...Int(Int32.max)).contains($0) ? $0 : nil }
  }

  private mutating func beginCommit() throws(GitHistoryError) {
    guard fields[0].count >= 40, fields[0].allSatisfy(\.isHexDigit) else {
      throw .unexpectedOutput(String(fields[0].prefix(80)))
    }
    // Damaged commits can have no time at all.
    commit = GitCommit(
      name: fields[0], authorName: fields[1], authorEmail: fields[2],
      authorTime: Int64(fields[3]) ?? 0, committerTime: Int64(fields[4]) ?? 0,
      message: fields[5])
    places.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    state = .betweenPieces
  }

  private mutating func add(_ change: GitFileChange) {
    commit?.fileCount += 1
    if let count = commit?.files.count, count < filesMax {
      places[change.path] = count
      commit?.files.append(change)
    }
  }

  private mutating func setCounts(of path: String, added: Int?, removed: Int?) {
    commit?.addedLines += added ?? 0
    commit?.removedLines += removed ?? 0
    guard let place = places[path] else { return }
    commit?.files[place].addedLines = added
    commit?.files[place].removedLines = removed
  }
}
