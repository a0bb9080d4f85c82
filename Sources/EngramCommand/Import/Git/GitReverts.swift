/// Which commits a later commit took back for good.
struct GitReverts {
  /// A commit that takes another one back.
  struct Reverter: Equatable {
    var commit: String
    var subject: String
  }

  /// By the name of the reverted commit, which may be abbreviated.
  private var reverters: [Substring: Reverter] = [:]
  /// The lengths of the names in use.
  private var lengths: Set<Int> = []

  /// Takes in a commit; commits come newest first, descendants before their ancestors.
  ///
  /// A commit that was itself reverted takes nothing back: reverting a revert brings the first
  /// change to life again.
  mutating func add(commit: String, message: Substring) {
    guard reverter(of: commit) == nil else { return }
    let subject = message.prefix(while: { $0 != "\n" })
    for name in Self.revertedNames(in: message) where reverters[name] == nil {
      reverters[name] = Reverter(commit: commit, subject: String(subject))
      lengths.insert(name.count)
    }
  }

  /// Who took `commit` back, if anyone did.
  func reverter(of commit: String) -> Reverter? {
    for length in lengths {
      if let reverter = reverters[commit.prefix(length)] { return reverter }
    }
    return nil
  }

  /// The names after "This reverts commit" at the start of a line, as `git revert` writes it.
  static func revertedNames(in message: Substring) -> [Substring] {
    message.split(separator: "\n").compactMap { line in
      guard let start = line.wholeMatch(of: /\s*This reverts commit (?<name>[0-9a-f]{7,64})\b.*/)
      else { return nil }
      return start.name
    }
  }
}
