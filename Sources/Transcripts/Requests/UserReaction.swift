/// What the user's next words say of what was done before.
enum UserReaction {
  case rejects, thanks

  private static let rejections = [
    "no,", "no.", "no!", "no -", "nope", "wrong", "that's wrong", "thats wrong", "that is wrong",
    "this is wrong", "that's not", "thats not", "that is not", "this is not what", "not what i",
    "undo", "revert that", "revert this", "revert your", "you broke", "you didn't", "you did not",
    "incorrect", "stop,", "why did you",
  ]

  private static let complaints = [
    "doesn't work", "does not work", "didn't work", "did not work", "not working", "isn't working",
    "still fail", "still broken", "still not", "still doesn't", "still wrong", "still the same",
    "same error", "got worse",
  ]

  private static let thankful = [
    "thanks", "thank you", "thx", "perfect", "great", "awesome", "excellent", "nice", "lgtm",
    "looks good", "works now", "it works", "that works", "that worked", "well done", "good job",
    "wonderful", "amazing", "cool",
  ]

  /// By how the words begin, and by the complaints of their first sentence.
  static func of(_ text: String) -> UserReaction? {
    let head = text.prefix(160).lowercased().replacing("’", with: "'")
    if rejections.contains(where: { begins(head, with: $0) }) { return .rejects }
    let sentence = head.prefix { !"\n.!?".contains($0) }
    if complaints.contains(where: { sentence.contains($0) }) { return .rejects }
    if thankful.contains(where: { begins(head, with: $0) }) { return .thanks }
    return nil
  }

  /// Whether there is nothing in the words but thanks.
  static func isOnlyThanks(_ text: String) -> Bool {
    of(text) == .thanks && text.utf8.count <= 60
      && text.split(whereSeparator: \.isWhitespace).count <= 5
  }

  private static func begins(_ text: String, with words: String) -> Bool {
    guard text.hasPrefix(words) else { return false }
    guard let next = text.dropFirst(words.count).first else { return true }
    return !next.isLetter || !(words.last?.isLetter ?? false)
  }
}
