internal import Episodes

extension Episode {
  /// The text whose embedding stands for the episode: what it was about, where, how it ended and what
  /// was done, the most telling first, because a model reads only the first few hundred words.
  var embeddedText: String {
    var parts = [taskDescription]
    var place = [context.domain]
    if let language = context.language { place.append(language) }
    if let framework = context.framework { place.append(framework) }
    var seen = Set<Tag>()
    place += (context.tags + tags).filter { seen.insert($0).inserted }.map(\.name)
    parts.append(place.joined(separator: " "))
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
    return parts.joined(separator: ". ")
  }

  /// Texts much longer than any model reads are not gathered.
  private static let embeddedBytesMax = 4000
}
