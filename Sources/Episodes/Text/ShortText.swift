/// Texts made short, so that what is drawn from an episode stays readable.
package enum ShortText {
  /// `text` on one line and at most `countMax` characters long; an ellipsis stands for what was cut.
  package static func line(_ text: String, countMax: Int = 160) -> String {
    // A page of output need not be read to its end for a line of it.
    let flat = text.prefix(countMax * 4).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    return flat.count > countMax ? flat.prefix(countMax - 1) + "…" : flat
  }

  static let actionMax = 120

  /// `tool: action`, or what there is of it.
  package static func step(_ step: ExecutionStep) -> String {
    let action = line(step.action, countMax: actionMax)
    if step.tool.isEmpty { return action }
    return action.isEmpty ? step.tool : "\(step.tool): \(action)"
  }
}
