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

  /// The value without secrets in its texts; a text whose field has the name of a secret goes as a whole.
  public mutating func redacted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text): return .string(redacted(text))
    case .array(let values): return .array(values.map { redacted($0) })
    case .object(let fields):
      var result: [String: JSONValue] = [:]
      // In one order, so that the same transcript gives the same counts.
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        if case .string(let text) = value, text.utf8.count >= 4, SecretNames.isSecret(name.utf8) {
          counts[.namedValue, default: 0] += 1
          result[redacted(name)] = .string("[redacted: \(SecretKind.namedValue.rawValue)]")
        } else {
          result[redacted(name)] = redacted(value)
        }
      }
      return .object(result)
    }
  }
}
