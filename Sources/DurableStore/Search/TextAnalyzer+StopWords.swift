extension TextAnalyzer {
  /// Words that are in nearly every text and tell none apart.
  static let stopWordTexts: Set<String> = [
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
}
