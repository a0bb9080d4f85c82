public import Episodes

/// Takes secrets out of texts before anything else sees them.
///
/// Each secret is replaced by `[redacted: KIND]`. What counts as one is listed in ``SecretKind``; the rules
/// prefer to take out too much. Neither a secret nor a part of one is ever logged.
///
/// ```swift
/// var redactor = SecretRedactor()
/// let safe = redactor.redacted(output)
/// print(redactor.counts)
/// ```
public struct SecretRedactor: Sendable {
  /// How many were taken out so far.
  public private(set) var counts: [SecretKind: Int] = [:]
  private let patterns: [RedactionPattern]

  /// - Parameter patterns: what is taken out besides.
  public init(patterns: [RedactionPattern] = []) { self.patterns = patterns }

  /// `text` without its secrets.
  ///
  /// - Complexity: linear in the number of bytes, but for the user's own patterns.
  public mutating func redacted(_ text: String) -> String {
    var result = text
    // The shortest secret is longer than most short texts.
    if text.utf8.count >= 8 {
      var text = text
      let found = text.withUTF8 { SecretScanner.secrets(in: UnsafeRawBufferPointer($0)) }
      if !found.isEmpty { result = replaced(found, in: text) }
    }
    for pattern in patterns {
      let (changed, count) = pattern.replaced(in: result)
      guard count > 0 else { continue }
      result = changed
      counts[.userPattern, default: 0] += count
    }
    return result
  }

  private mutating func replaced(_ found: [SecretScanner.Match], in text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var end = 0
    for match in found {
      result += bytes[end..<match.range.lowerBound]
      result += "[redacted: \(match.kind.rawValue)]".utf8
      end = match.range.upperBound
      counts[match.kind, default: 0] += 1
    }
    result += bytes[end...]
    return String(decoding: result, as: UTF8.self)
  }

  /// The value without secrets in its texts.
  ///
  /// Of a field with the name of a secret all texts and larger numbers go, however deep; so does the word behind
  /// an option such as `--password` in a list, and the `value` beside such a `name` or `key`.
  public mutating func redacted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text): return .string(redacted(text))
    case .array(let values):
      var isSecret = false
      var result: [JSONValue] = []
      for value in values {
        guard case .string(let text) = value else {
          result.append(redacted(value))
          isSecret = false
          continue
        }
        let isOption = text.hasPrefix("-")
        result.append(isSecret && !isOption ? withheld(value) : redacted(value))
        isSecret = isOption && SecretNames.isSecret(text.utf8)
      }
      return .array(result)
    case .object(let fields):
      var result: [String: JSONValue] = [:]
      let namesSecret = ["name", "key", "header"].contains { name in
        if case .string(let text)? = fields[name] { SecretNames.isSecretField(text) } else { false }
      }
      // In one order, so that the same transcript gives the same counts.
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        let isSecret = SecretNames.isSecretField(name) || namesSecret && name == "value"
        result[redacted(name)] = isSecret ? withheld(value) : redacted(value)
      }
      return .object(result)
    }
  }

  /// Numbers that are smaller count something.
  private static let secretNumberMin = 1_000.0

  /// The value without anything that tells what it was.
  private mutating func withheld(_ value: JSONValue) -> JSONValue {
    let text = "[redacted: \(SecretKind.namedValue.rawValue)]"
    switch value {
    case .null, .bool: return value
    case .integer(let number) where Double(number).magnitude < Self.secretNumberMin: return value
    case .number(let number) where number.magnitude < Self.secretNumberMin: return value
    case .string(let found) where found.isEmpty || found == text: return value
    case .array(let values): return .array(values.map { withheld($0) })
    case .object(let fields):
      var result: [String: JSONValue] = [:]
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        result[redacted(name)] = withheld(value)
      }
      return .object(result)
    case .integer, .number, .string:
      counts[.namedValue, default: 0] += 1
      return .string(text)
    }
  }
}
