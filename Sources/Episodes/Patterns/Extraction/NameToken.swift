/// A run of characters between blanks, without the punctuation around it, or what stands in quotes.
struct NameToken {
  /// What comes before it: blanks, punctuation.
  var before: String
  var text: Substring
  /// Whether it looks like the name of a single thing, whatever the episode says: a number, path, host, address,
  /// id or something in quotes.
  var looksLikeName: Bool

  /// `text` in order; what is after the last word is a token without text.
  ///
  /// - Complexity: linear in the length of `text`.
  static func tokens(of text: String) -> [NameToken] {
    // Marks in what agents write are no marks of ours.
    let text =
      text.contains { $0 == SlottedText.open || $0 == SlottedText.close }
      ? String(
        text.map { $0 == SlottedText.open ? "<" : $0 == SlottedText.close ? ">" : $0 }) : text
    var tokens: [NameToken] = []
    var before = ""
    var rest = text[...]
    while let first = rest.first {
      if let closing = quotes[first], let end = quoteEnd(in: rest, closing) {
        before.append(first)
        let inner = rest[rest.index(after: rest.startIndex)..<end]
        tokens.append(NameToken(before: before, text: inner, looksLikeName: true))
        before = String(closing)
        rest = rest[rest.index(after: end)...]
      } else if first.isWhitespace || isPunctuation(first) {
        before.append(first)
        rest = rest.dropFirst()
      } else {
        var word = rest.prefix { !$0.isWhitespace && quotes[$0] == nil || $0 == "'" }
        while let last = word.last, isPunctuation(last), !closes(last, in: word.dropLast()) {
          word = word.dropLast()
        }
        tokens.append(NameToken(before: before, text: word, looksLikeName: looksLikeName(word)))
        before = ""
        rest = rest[word.endIndex...]
      }
    }
    if !before.isEmpty {
      tokens.append(NameToken(before: before, text: "", looksLikeName: false))
    }
    return tokens
  }

  private static let quotes: [Character: Character] = [
    "\"": "\"", "`": "`", "“": "”", "‘": "’", "'": "'", "«": "»",
  ]
  private static let quotedMax = 80

  /// Where what is in quotes ends; nil if it does not, as after an apostrophe.
  private static func quoteEnd(in text: Substring, _ closing: Character) -> Substring.Index? {
    let inner = text.dropFirst().prefix(quotedMax)
    guard let first = inner.first, !first.isWhitespace, first != closing else { return nil }
    var index = inner.startIndex
    while let end = inner[index...].firstIndex(of: closing) {
      let next = text.index(after: end)
      // "don't" has a letter after it.
      if next == text.endIndex || !(text[next].isLetter || text[next].isNumber) { return end }
      index = inner.index(after: end)
    }
    return nil
  }

  private static func isPunctuation(_ character: Character) -> Bool {
    ",;:.!?()[]{}<>\"'`“”‘’«»…→=".contains(character)
  }

  /// Whether a character ends what was opened within a word: `now()`.
  private static func closes(_ last: Character, in word: Substring) -> Bool {
    let opening: Character
    switch last {
    case ")": opening = "("
    case "]": opening = "["
    case "}": opening = "{"
    default: return false
    }
    return word.count { $0 == opening } > word.count { $0 == last }
  }

  private static func looksLikeName(_ word: Substring) -> Bool {
    // Options say how something is done.
    if word.first == "-" { return false }
    var previous: Character = " "
    var hasLetter = false
    for character in word {
      if character.isNumber || "/\\_@#".contains(character) && word.count > 1 { return true }
      // Inside, as in a host or a pair: what is at the end has been taken off.
      if ".:=".contains(character), previous.isLetter || previous == ")" {
        hasLetter = true
      } else if hasLetter {
        if character.isLetter { return true }
        hasLetter = false
      }
      previous = character
    }
    return false
  }
}
