/// What kind of error a step ended with: a name that errors of one cause share.
public enum ErrorClass {
  /// How words begin that tell the kind of an error; the first kind that is found counts.
  private static let kinds: [(name: String, words: [String])] = [
    ("timeout", ["timed out", "timeout", "deadline exceeded"]),
    ("rateLimit", ["rate limit", "too many requests", "quota"]),
    ("permissionDenied", ["permission denied", "forbidden", "access denied", "not permitted"]),
    ("authentication", ["unauthorized", "authentication", "invalid token", "credentials"]),
    ("notFound", ["not found", "no such file", "does not exist", "unknown command", "missing"]),
    ("connection", ["connection", "network", "unreachable", "refused", "dns"]),
    ("outOfMemory", ["out of memory", "oom ", "cannot allocate"]),
    ("diskFull", ["no space left", "disk full"]),
    ("syntax", ["syntax error", "parse error", "unexpected token"]),
    ("typeMismatch", ["type mismatch", "cannot convert", "incompatible type"]),
    ("testFailure", ["test failed", "tests failed", "assertion", "expected "]),
    ("conflict", ["conflict", "already exists", "locked"]),
    ("invalidInput", ["invalid", "malformed", "bad request"]),
  ]

  /// Words that say that something went wrong, and not what.
  private static let emptyWords: Set<String> = [
    "a", "an", "and", "at", "by", "code", "command", "error", "errors", "exit", "exited", "fail",
    "failed", "failing", "fails", "failure", "failures", "for", "in", "is", "of", "on", "problem",
    "problems", "process", "returned", "status", "the", "to", "was", "with",
  ]

  /// The class of the error that a step ended with; nil for a success.
  ///
  /// An exception that the message names (`ModuleNotFoundError: …`) is the class; otherwise words tell
  /// it (`timeout`, `notFound`, …), and where none do, the first words of the message. Where these say no more
  /// than that it failed, as in "2 failed", the tool is part of the class: what failed is the tests, or a build.
  ///
  /// - Complexity: linear in the length of the message.
  public static func name(of step: ExecutionStep) -> String? {
    name(of: step) { words($0) }
  }

  /// The class of a result by itself, whatever tool it is of.
  public static func name(of result: StepResult?) -> String? {
    name(
      of: ExecutionStep(
        number: 1, timestamp: Timestamp(nanosecondsSince1970: 0), tool: "", action: "",
        result: result))
  }

  /// The class of an error with what it is about marked as a slot (``SlottedText``).
  static func name(of step: ExecutionStep, names: TaskNames) -> String? {
    name(of: step) { words($0, names: names) }
  }

  /// Whether a class is the beginning of a message, and not the name of an exception or a kind.
  static func isWords(_ name: String) -> Bool {
    name.contains { $0 == " " || $0 == SlottedText.open }
  }

  private static func name(
    of step: ExecutionStep, words: (_ message: String) -> String
  ) -> String? {
    switch step.result {
    case .success: return nil
    case .timeout: return "timeout"
    case nil: return "noResult"
    case .error(let message):
      let start = String(message.prefix(2000))
      if let exception = exception(in: start) { return exception }
      let lower = start.lowercased()
      let spaced = " " + lower.map { $0.isLetter || $0.isNumber ? $0 : " " } + " "
      if let kind = kinds.first(where: { $0.words.contains { spaced.contains(" " + $0) } }) {
        return kind.name
      }
      let name = words(start)
      guard SlottedText(name).literals.isSubset(of: emptyWords) else { return name }
      let tool = step.tool.lowercased().split { !$0.isLetter }.prefix(2)
      return (tool.map(String.init) + [name]).joined(separator: " ")
    }
  }

  private static let wordsMax = 4

  private static func words(_ message: String) -> String {
    let words = message.lowercased().split { !$0.isLetter }.prefix(wordsMax)
    return words.isEmpty ? "error" : words.joined(separator: " ")
  }

  /// The first words, with names between them.
  private static func words(_ message: String, names: TaskNames) -> String {
    var words: [String] = []
    var count = 0
    for token in NameToken.tokens(of: message) where !token.looksLikeName && count < wordsMax {
      let isName = names.contains(token.text)
      for word in token.text.lowercased().split(whereSeparator: { !$0.isLetter }) {
        if isName {
          words.append("\(SlottedText.open)\(word)\(SlottedText.close)")
        } else if count < wordsMax {
          words.append(String(word))
          count += 1
        }
      }
      if words.count > 2 * wordsMax { break }
    }
    return count == 0 ? self.words(message) : words.joined(separator: " ")
  }

  /// The first word that ends like the name of an exception.
  private static func exception(in message: String) -> String? {
    message.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
      .first(where: isException)
  }

  /// Whether a word or class is the name of an exception.
  static func isException(_ word: String) -> Bool {
    word.first?.isUppercase == true && word.count <= 64 && !isWords(word)
      && ["Error", "Exception"].contains { word.hasSuffix($0) && word.count > $0.count }
  }
}
