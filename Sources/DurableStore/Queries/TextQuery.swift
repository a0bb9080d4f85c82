/// Turns what a user typed into a full-text query.
enum TextQuery {
  /// Words that are in nearly every text and tell none apart. They are left out where a query has
  /// other words: looking them up would visit every episode.
  private static let stopWords: Set<String> = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "did", "do", "does", "for",
    "from", "had", "has", "have", "how", "i", "if", "in", "is", "it", "its", "me", "my", "no",
    "not",
    "of", "on", "or", "our", "so", "that", "the", "their", "then", "there", "these", "they", "this",
    "to", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why", "will",
    "with", "you", "your",
  ]

  /// More words do not sharpen a query, and the query parser's depth is bounded.
  private static let wordsMax = 64

  /// Each word quoted, joined by OR: the ranking prefers texts with more and rarer words. Nil when
  /// there is no word.
  static func expression(_ text: String) -> String? {
    var words: [String] = []
    var seen: Set<String> = []
    for word in text.unicodeScalars.split(whereSeparator: { !isPartOfWord($0) }) {
      let lowered = String(String.UnicodeScalarView(word)).lowercased()
      if seen.insert(lowered).inserted { words.append(lowered) }
    }
    let telling = words.filter { !stopWords.contains($0) }
    let chosen = (telling.isEmpty ? words : telling).prefix(wordsMax)
    if chosen.isEmpty { return nil }
    // A word holds no quotation mark, so nothing in it can leave the quotes.
    return chosen.map { "\"\($0)\"" }.joined(separator: " OR ")
  }

  /// As the tokenizer `unicode61` sees it: letters, digits, private use, and marks on them.
  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .privateUse, .nonspacingMark:
      true
    default: false
    }
  }
}
