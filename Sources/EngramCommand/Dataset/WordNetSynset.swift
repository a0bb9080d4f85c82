/// A set of synonyms of WordNet. Source of the format: the manual page wndb(5WN).
struct WordNetSynset: Equatable {
  enum PartOfSpeech: String, CaseIterable {
    case noun
    case verb
    case adjective = "adj"
    case adverb = "adv"
  }

  var id: String
  var part: PartOfSpeech
  /// The name of the lexicographers' file, such as `noun.animal`.
  var category: String
  var words: [String]
  var definition: String
  /// Sentences that show a word in use.
  var examples: [String]

  /// Reads a line of a data file; nil when it is none.
  init?(_ line: String, part: PartOfSpeech) {
    guard let bar = line.firstRange(of: " | ") else { return nil }
    let fields = line[..<bar.lowerBound].split(separator: " ")
    guard fields.count > 5, fields[0].count == 8, Int(fields[0]) != nil,
      let file = Int(fields[1]), Self.categories.indices.contains(file),
      let wordCount = Int(fields[3], radix: 16), wordCount > 0, fields.count > 4 + 2 * wordCount
    else { return nil }
    id = "wordnet-\(part.rawValue)-\(fields[0])"
    self.part = part
    category = Self.categories[file]
    words = (0..<wordCount).map { index in
      // Adjectives say in parentheses where they may stand, as in "galore(ip)".
      fields[4 + 2 * index].prefix(while: { $0 != "(" })
        .split(separator: "_").joined(separator: " ")
    }
    (definition, examples) = Self.gloss(line[bar.upperBound...])
  }

  /// The definition and the examples, which follow it in quotes.
  static func gloss(_ gloss: Substring) -> (definition: String, examples: [String]) {
    let text = gloss.trimmed
    let start: String.Index
    if text.hasPrefix("\"") {
      start = text.startIndex
    } else if let mark = text.firstRange(of: #/[;:,]\s*"/#) {
      start = mark.lowerBound
    } else {
      return (text, [])
    }
    let examples = text[start...].matches(of: /"([^"]+)"?/).map { $0.1.trimmed }
    // A single word shows nothing in use.
    return (text[..<start].trimmed, examples.filter { $0.contains(" ") })
  }

  var text: DatasetText {
    DatasetText(
      id: id, text: words.joined(separator: ", ") + (definition.isEmpty ? "" : ": " + definition),
      metadata: ["partOfSpeech": part.name, "category": category])
  }

  var questions: [DatasetQuestion] {
    examples.map { DatasetQuestion(query: $0, relevant: [id]) }
  }

  /// The lexicographers' files in the order of their numbers: manual page lexnames(5WN).
  private static let categories = [
    "adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact",
    "noun.attribute", "noun.body", "noun.cognition", "noun.communication", "noun.event",
    "noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object",
    "noun.person", "noun.phenomenon", "noun.plant", "noun.possession", "noun.process",
    "noun.quantity", "noun.relation", "noun.shape", "noun.state", "noun.substance", "noun.time",
    "verb.body", "verb.change", "verb.cognition", "verb.communication", "verb.competition",
    "verb.consumption", "verb.contact", "verb.creation", "verb.emotion", "verb.motion",
    "verb.perception", "verb.possession", "verb.social", "verb.stative", "verb.weather",
    "adj.ppl",
  ]
}

extension WordNetSynset.PartOfSpeech {
  var name: String {
    switch self {
    case .noun: "noun"
    case .verb: "verb"
    case .adjective: "adjective"
    case .adverb: "adverb"
    }
  }
}
