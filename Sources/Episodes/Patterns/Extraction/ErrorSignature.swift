/// An error that a pattern knows a way out of: its class, by which errors are told apart, and what the first line of
/// its message said, by which people and agents know it again.
///
/// A pattern keeps both in one text: `timeout: upload of ‹invoices› timed out`, names marked (``SlottedText``). The
/// class ends at the first colon; one that was learned before messages were kept has none.
struct ErrorSignature: Hashable {
  var name: String
  /// On one line; nil where the error said nothing.
  var message: String?

  /// The most characters of a message that are kept.
  static let messageMax = 100

  /// The error that a step ended with; nil where it ended well.
  ///
  /// - Parameter names: marked in both; nil to leave them as they are.
  init?(of step: ExecutionStep, names: TaskNames? = nil) {
    let name =
      names.map { ErrorClass.name(of: step, names: $0) } ?? ErrorClass.name(of: step)
    guard let name else { return nil }
    self.name = name
    guard case .error(let text) = step.result,
      let first = text.prefix(Self.readMax).split(whereSeparator: \.isNewline)
        .first(where: { $0.contains { !$0.isWhitespace } })
    else { return }
    var line = ShortText.line(String(first), countMax: Self.messageMax)
    // What the class says already.
    if line.hasPrefix(name + ": ") { line = String(line.dropFirst(name.count + 2)) }
    message = names?.marking(line, isDeed: false) ?? line
  }

  private static let readMax = 2000

  /// Reads what a pattern keeps.
  init(_ text: String) {
    let parts = text.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(parts[0])
    message = parts.count > 1 ? String(parts[1]) : nil
  }

  /// As a pattern keeps it.
  var text: String { message.map { "\(name): \($0)" } ?? name }

  /// For people: what the error said, and its class where that says more.
  var shown: String {
    let name = SlottedText.shown(name)
    guard let message else { return name }
    let said = SlottedText.shown(message)
    if ErrorClass.isException(name) {
      return said.contains(name) ? "“\(said)”" : "“\(name): \(said)”"
    }
    return WordSet.words(of: name).isSubset(of: WordSet.words(of: said))
      ? "“\(said)”" : "\(name) (“\(said)”)"
  }
}
