import Episodes

/// The JSON texts of the structured columns, and back.
enum JSONColumns {
  static func strings(_ values: [String]) -> String {
    if values.isEmpty { return "[]" }
    var writer = JSONWriter()
    writer.strings(values)
    return writer.text
  }

  static func strings(_ text: String) throws(JSONTextError) -> [String] {
    text == "[]" ? [] : try JSONTextReader.parse(text).strings()
  }

  static func tags(_ tags: [Tag]) -> String {
    if tags.isEmpty { return "[]" }
    var writer = JSONWriter()
    writer.strings(tags.lazy.map(\.name))
    return writer.text
  }

  static func tags(_ text: String) throws(JSONTextError) -> [Tag] {
    var tags: [Tag] = []
    for name in try strings(text) {
      do {
        tags.append(try Tag(name))
      } catch {
        throw JSONTextError(problem: error.description)
      }
    }
    return tags
  }

  static func object(_ values: [String: String]) -> String {
    if values.isEmpty { return "{}" }
    var writer = JSONWriter()
    writer.object(values)
    return writer.text
  }

  static func object(_ text: String) throws(JSONTextError) -> [String: String] {
    text == "{}" ? [:] : try JSONTextReader.parse(text).stringsByKey()
  }

  static func value(_ value: JSONValue) -> String {
    if case .object(let members) = value, members.isEmpty { return "{}" }
    var writer = JSONWriter()
    writer.value(value)
    return writer.text
  }

  static func value(_ text: String) throws(JSONTextError) -> JSONValue {
    text == "{}" ? .object([:]) : try JSONTextReader.parse(text)
  }

  static func integers(_ values: some Sequence<Int64>) -> String {
    var writer = JSONWriter()
    writer.raw("[")
    var isFirst = true
    for value in values {
      writer.separate(&isFirst)
      writer.integer(value)
    }
    writer.raw("]")
    return writer.text
  }

  /// The members of an object, without its braces.
  static func members(_ values: some Sequence<(key: String, value: Int64)>) -> String {
    var writer = JSONWriter()
    var isFirst = true
    for (key, value) in values {
      writer.separate(&isFirst)
      writer.string(key)
      writer.raw(":")
      writer.integer(value)
    }
    return writer.text
  }
}
