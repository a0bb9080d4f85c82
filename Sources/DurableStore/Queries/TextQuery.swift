/// Turns what a user typed into a full-text query.
enum TextQuery {
  /// Words that are in nearly every text and tell none apart. They are left out where a query has
  /// other words: looking them up would visit every episode.
  static let stopWords: Set<String> = [
    "a", "about", "after", "also", "am", "an", "and", "any", "are", "aren", "as", "at", "be",
    "been", "before", "being", "but", "by", "can", "could", "couldn", "d", "did", "didn", "do",
    "does", "doesn", "doing", "don", "during", "for", "from", "had", "has", "hasn", "have",
    "haven", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into",
    "is", "isn", "it", "its", "just", "ll", "m", "me", "my", "no", "nor", "not", "of", "on", "or",
    "our", "ours", "re", "s", "she", "should", "shouldn", "so", "some", "such", "t", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to",
    "too", "us", "ve", "was", "wasn", "we", "were", "weren", "what", "when", "where", "which",
    "while", "who", "whom", "whose", "why", "will", "with", "won", "would", "wouldn", "you",
    "your", "yours",
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
