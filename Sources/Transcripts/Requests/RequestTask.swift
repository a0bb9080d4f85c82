internal import Episodes

/// What kind of work a request asks for.
enum RequestTask {
  private static let fillers: Set<String> = [
    "please", "can", "could", "would", "you", "now", "ok", "okay", "great", "thanks", "let's",
    "lets", "let", "us", "then", "also", "and", "i", "want", "to", "need", "we", "should", "the",
    "hi", "hello", "hey", "so", "just", "next", "help", "me", "go", "ahead", "no", "yes", "perfect",
    "nice",
  ]

  /// By the first word that says something, as subjects of commits are read.
  static func type(of text: String) -> TaskType {
    let words = text.prefix(300).split { $0.isWhitespace || ",.!?;:".contains($0) }
    let telling = words.drop { fillers.contains($0.lowercased()) }.prefix(8)
    guard let first = telling.first else { return .other }
    if ["why", "what", "how", "where", "explain", "review", "check", "look", "find", "analyze"]
      .contains(first.lowercased())
    {
      return .analysis
    }
    return ConventionalSubject(telling.joined(separator: " ")).taskType
  }
}
