internal import Episodes

extension JSONValue {
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var fields: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
  var values: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  var isTrue: Bool { self == .bool(true) }

  var whole: Int? {
    switch self {
    case .integer(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  subscript(_ name: String) -> JSONValue? { fields?[name] }

  /// The texts of a content: one text, or blocks of which some have one.
  var contentText: String {
    switch self {
    case .string(let text): text
    case .array(let blocks):
      blocks.compactMap { block in
        block.text ?? block["text"]?.text ?? block["content"]?.text
          ?? (block["type"]?.text).flatMap { $0.contains("image") ? "[image]" : nil }
      }.joined(separator: "\n")
    case .object(let fields): fields["text"]?.text ?? fields["content"]?.contentText ?? ""
    default: ""
    }
  }
}
