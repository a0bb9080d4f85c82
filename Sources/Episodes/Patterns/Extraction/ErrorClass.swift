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

  /// The class of a result that is not a success; nil for a success.
  ///
  /// An exception that the message names (`ModuleNotFoundError: …`) is the class; otherwise words tell
  /// it (`timeout`, `notFound`, …), and where none do, the first words of the message.
  ///
  /// - Complexity: linear in the length of the message.
  public static func name(of result: StepResult?) -> String? {
    switch result {
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
      let words = lower.split { !$0.isLetter }.prefix(4).joined(separator: " ")
      return words.isEmpty ? "error" : words
    }
  }

  /// The first word that ends like the name of an exception.
  private static func exception(in message: String) -> String? {
    message.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.first { word in
      word.first?.isUppercase == true && word.count <= 64
        && ["Error", "Exception"].contains { word.hasSuffix($0) && word.count > $0.count }
    }.map(String.init)
  }
}
