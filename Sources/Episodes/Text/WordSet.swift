/// The words of a text, for comparing texts by what they have in common.
///
/// Words are runs of letters and digits in lower case; every run of digits becomes `0`, so that two
/// ports, lines or versions do not make two experiences.
public enum WordSet {
  /// - Complexity: linear in the length of `text`.
  public static func words(of text: some StringProtocol) -> Set<String> {
    var words: Set<String> = []
    var word = ""
    var isInNumber = false
    for character in text.lowercased() {
      if character.isNumber {
        if !isInNumber { word.append("0") }
        isInNumber = true
      } else if character.isLetter {
        word.append(character)
        isInNumber = false
      } else {
        if !word.isEmpty { words.insert(word) }
        word = ""
        isInNumber = false
      }
    }
    if !word.isEmpty { words.insert(word) }
    return words
  }

  /// The share of elements that two sets have in common, `|A ∩ B| / |A ∪ B|`; 1 for two empty sets.
  public static func jaccard<Element>(_ first: Set<Element>, _ second: Set<Element>) -> Double {
    if first.isEmpty && second.isEmpty { return 1 }
    let common = first.intersection(second).count
    return Double(common) / Double(first.count + second.count - common)
  }
}
