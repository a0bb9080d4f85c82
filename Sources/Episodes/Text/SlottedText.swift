/// A text in which the names of single things are marked: `upgrade ‹invoices›`.
///
/// What stands between the marks may differ between two occurrences of one experience; all else says what kind
/// of experience it is. A slot of which different things are known is `‹…›`.
struct SlottedText {
  static let open: Character = "‹"
  static let close: Character = "›"
  static let any = "‹…›"
  /// So many words must be the same for each slot that is filled otherwise: two texts that have little but slots
  /// say too little to be called alike.
  static let wordsPerSlot = 2

  /// The words outside slots.
  private(set) var literals: Set<String> = []
  /// The words of each slot; none of one that takes anything.
  private(set) var slots: [Set<String>] = []
  /// All words.
  private(set) var words: Set<String> = []

  /// Reads a text, marked or not. Words that only bind others are left out, unless there are no others.
  ///
  /// - Complexity: linear in the length of `text`.
  init(_ text: String) {
    var binding: Set<String> = []
    var slot: Set<String>?
    var rest = text[...]
    func take(_ part: Substring) {
      for word in WordSet.words(of: part) {
        if CommonWords.binding.contains(word) {
          if slot == nil { binding.insert(word) }
        } else {
          let stem = CommonWords.stem(word)
          if slot == nil { literals.insert(stem) } else { slot?.insert(stem) }
          words.insert(stem)
        }
      }
    }
    while let mark = rest.firstIndex(where: { $0 == Self.open || $0 == Self.close }) {
      take(rest[..<mark])
      if let filled = slot { slots.append(filled) }
      slot = rest[mark] == Self.open ? [] : nil
      rest = rest[rest.index(after: mark)...]
    }
    take(rest)
    if let filled = slot { slots.append(filled) }
    if literals.isEmpty {
      literals = binding
      words.formUnion(binding)
    }
  }

  /// The share of words that two texts have in common, 0 to 1; a slot that both have counts as one common word,
  /// whatever it holds, and so does a slot of one that the other has not count as one that differs.
  func similarity(to other: SlottedText) -> Double {
    if words.isEmpty && other.words.isEmpty { return slots.isEmpty == other.slots.isEmpty ? 1 : 0 }
    let common = words.intersection(other.words)
    func open(_ text: SlottedText) -> Int {
      text.slots.count { $0.isEmpty || !$0.isSubset(of: common) }
    }
    let slotCounts = (open(self), open(other))
    // Every number is the same word, and says nothing.
    let support = common.count - (common.contains("0") ? 1 : 0)
    // Where episodes have differed already they may differ again.
    let proven = max(slots.count(where: \.isEmpty), other.slots.count(where: \.isEmpty))
    let filled =
      support == 0
      ? 0 : min(slotCounts.0, slotCounts.1, max(support / Self.wordsPerSlot, proven))
    let same = common.count + filled
    let apart =
      literals.subtracting(common).count + other.literals.subtracting(common).count
      + slotCounts.0 + slotCounts.1 - 2 * filled
    return same + apart == 0 ? 0 : Double(same) / Double(same + apart)
  }

  /// `text` with `‹…›` for each slot that holds what `other` does not say.
  static func generalized(_ text: String, over other: String) -> String {
    guard text.contains(open), text != other else { return text }
    return mapSlots(of: text) { says(other, $0) ? "\(open)\($0)\(close)" : any }
  }

  /// Whether a text has a name as it stands, not as a part of another: `db2`, `db-main` and `db.local` do not
  /// say `db`.
  private static func says(_ text: String, _ name: String) -> Bool {
    if name.isEmpty { return false }
    var rest = text[...]
    while let found = rest.firstRange(of: name) {
      let before = text[..<found.lowerBound].last
      let after = text[found.upperBound...]
      if !(before.map(isPartOfName) ?? false), !goesOn(after) { return true }
      rest = text[text.index(after: found.lowerBound)...]
    }
    return false
  }

  private static func isPartOfName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-/@.:".contains(character)
  }

  /// Whether a name goes on: a full stop or colon ends a sentence where no name follows.
  private static func goesOn(_ rest: Substring) -> Bool {
    guard let next = rest.first, isPartOfName(next) else { return false }
    guard ".:".contains(next) else { return true }
    return rest.dropFirst().first.map { $0.isLetter || $0.isNumber } ?? false
  }

  /// `text` with `‹…›` for every slot: what stays of it however the slots are filled.
  static func skeleton(_ text: String) -> String { mapSlots(of: text) { _ in any } }

  /// `text` as it is shown: with what stands in the slots, and `…` where that differs.
  static func shown(_ text: String) -> String { mapSlots(of: text) { $0 } }

  private static func mapSlots(of text: String, _ change: (String) -> String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: open), let end = rest[start...].firstIndex(of: close) {
      result += rest[..<start]
      result += change(String(rest[rest.index(after: start)..<end]))
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
