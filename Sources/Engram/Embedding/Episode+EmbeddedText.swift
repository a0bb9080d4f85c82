internal import Episodes

extension Episode {
  /// The texts whose embeddings stand for the episode: what it was about, where, how it ended and what
  /// was done, the most telling first, because a model reads only the first few hundred words. What a
  /// long episode has beyond that follows in parts, each under the head of the description, so that it is
  /// known what it is a part of. A search takes the episode for as near as its nearest part.
  ///
  /// - Parameter previous: what the episode before in the session was about. A short turn of a conversation is
  ///   understood with the one that it follows ("Yes, on Monday."), so the two are read together, its own
  ///   words first; and with who said it, where the turn does not tell: questions name people.
  func embeddedTexts(after previous: String? = nil) -> [String] {
    var parts = [taskDescription]
    var place = context.domain == TaskContext().domain ? [] : [context.domain]
    if let language = context.language { place.append(language) }
    if let framework = context.framework { place.append(framework) }
    var seen = Set<Tag>()
    place += (context.tags + tags).filter { seen.insert($0).inserted }.map(\.name)
    if !place.isEmpty { parts.append(place.joined(separator: " ")) }
    if let outcome {
      parts.append(outcome.summary)
      if case .failure(_, let details?) = outcome { parts.append(details) }
    }
    var length = parts.reduce(0) { $0 + $1.utf8.count }
    for step in steps where length < Self.embeddedBytesMax {
      var text = step.action
      switch step.result {
      case .success(let output): text += ": " + output
      case .error(let message): text += ": " + message
      case .timeout, nil: break
      }
      length += text.utf8.count
      parts.append(text)
    }
    if let reflection {
      parts += reflection.successes + reflection.improvements + reflection.insights
    }
    let whole = parts.joined(separator: ". ")
    if sessionID != nil, whole.utf8.count <= Self.shortBytesMax {
      let said = speaker.map { $0 + ": " + whole } ?? whole
      guard let previous else { return [said] }
      return [said + "\n" + Self.prefix(of: previous[...], bytes: Self.previousBytesMax)]
    }
    return Self.pieces(of: whole, under: taskDescription)
  }

  /// The agent of a turn whose words do not name it.
  private var speaker: String? {
    guard let agentID, !taskDescription.lowercased().contains(agentID.lowercased()) else {
      return nil
    }
    return agentID
  }

  private static func pieces(of whole: String, under description: String) -> [String] {
    guard whole.utf8.count > modelBytes + pieceBytes / 4 else { return [whole] }
    let head = prefix(of: description[...], bytes: headBytes)
    var pieces = [whole]
    // A little of what the first piece ends with, which the model may not have reached.
    var rest = whole[prefix(of: whole[...], bytes: modelBytes - pieceBytes / 8).endIndex...]
    while !rest.isEmpty, pieces.count < piecesMax {
      let piece = prefix(of: rest, bytes: pieceBytes)
      pieces.append(head + "\n" + piece)
      rest = rest[piece.endIndex...]
    }
    return pieces
  }

  /// The first characters of a text, as many as fit into `bytes`; at least one.
  private static func prefix(of text: Substring, bytes: Int) -> Substring {
    var end = text.startIndex
    var count = 0
    while end < text.endIndex {
      let next = text.index(after: end)
      count += text[end..<next].utf8.count
      if count > bytes, end > text.startIndex { break }
      end = next
    }
    return text[..<end]
  }

  /// About what 256 word pieces take, which is what the model reads.
  private static let modelBytes = 1000
  private static let pieceBytes = 800
  private static let headBytes = 160
  /// With the first: longer episodes are found by their words.
  private static let piecesMax = 8
  private static let embeddedBytesMax = modelBytes + (piecesMax - 1) * pieceBytes
  private static let shortBytesMax = 600
  private static let previousBytesMax = 400
}
