/// The names of the single things that an episode is about, as its own words tell: what another experience of the
/// same kind has others in the place of.
///
/// A name is what looks like one in any text (a path, a host, an id, a number, something in quotes), and a word
/// of the task's description, its tags, its metadata or the steps' parameters that is no general word
/// (``CommonWords``) and no tool, domain, language or framework.
struct TaskNames {
  private var names: Set<String> = []
  private var kept: Set<String> = []

  /// - Complexity: linear in the size of the episode.
  init(of episode: Episode) {
    let context = episode.context
    for text in [context.domain, context.language ?? "", context.framework ?? ""]
      + episode.steps.map(\.tool)
    {
      kept.formUnion(WordSet.words(of: text).map(CommonWords.stem))
    }
    add(episode.taskDescription)
    for tag in context.tags + episode.tags { add(tag.name) }
    for value in episode.metadata.values { add(value) }
    for step in episode.steps { add(step.parameters) }
  }

  private mutating func add(_ text: String) {
    for word in WordSet.words(of: text.prefix(Self.readMax))
    where word.count > 1 && !CommonWords.binding.contains(word) && !CommonWords.isGeneral(word)
      && !PatternExtraction.isDecisionWord(word)
    {
      let stem = CommonWords.stem(word)
      if !kept.contains(stem) { names.insert(stem) }
    }
  }

  private static let readMax = 10_000

  private mutating func add(_ value: JSONValue) {
    switch value {
    // Several words are a command or a sentence, and tell deeds as well.
    case .string(let text): if !text.contains(where: \.isWhitespace) { add(text) }
    case .array(let values): for value in values { add(value) }
    case .object(let members): for member in members { add(member.value) }
    default: break
    }
  }

  /// `text` with names marked (``SlottedText``); neighbours share a slot.
  ///
  /// - Parameter isDeed: whether the first word says what is done, and is none.
  func marking(_ text: String, isDeed: Bool = true) -> String {
    var result = ""
    var slotEnd: String.Index?
    for token in NameToken.tokens(of: text) {
      let isFirst = result.isEmpty
      let isName =
        token.looksLikeName
        ? !kept.contains(CommonWords.stem(token.text.lowercased()))
        : !(isFirst && isDeed) && contains(token.text)
      if isName, !token.text.isEmpty {
        if let end = slotEnd, token.before.allSatisfy(\.isWhitespace) {
          result.insert(contentsOf: token.before + token.text, at: end)
          slotEnd = result.index(before: result.endIndex)
        } else {
          result += token.before
          result.append(SlottedText.open)
          result += token.text
          result.append(SlottedText.close)
          slotEnd = result.index(before: result.endIndex)
        }
      } else {
        result += token.before + token.text
        slotEnd = nil
      }
    }
    return result
  }

  /// `tool: action`, or what there is of it, with the names in the action marked.
  func marking(_ step: ExecutionStep) -> String {
    var marked = step
    marked.action = ""
    let tool = ShortText.step(marked)
    let action = marking(ShortText.line(step.action, countMax: ShortText.actionMax))
    return tool.isEmpty || action.isEmpty ? tool + action : "\(tool): \(action)"
  }

  /// Whether each word of `text` is a name.
  func contains(_ text: Substring) -> Bool {
    let words = WordSet.words(of: text).filter { !CommonWords.binding.contains($0) }
    return !words.isEmpty && words.allSatisfy { names.contains(CommonWords.stem($0)) }
  }
}
