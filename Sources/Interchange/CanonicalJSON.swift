internal import Crypto
internal import Episodes

/// One spelling for each JSON value: 30.0 and 30 are one number in JSON. Equal values have equal bytes
/// on every machine.
enum CanonicalJSON {
  static func text(_ value: JSONValue) -> String { JSONWriter.text(of: canonical(value)) }

  /// `sha256-` and the first 32 hexadecimal figures of the SHA-256 of the canonical text.
  static func identifier(_ value: JSONValue) -> String {
    "sha256-" + Hexadecimal.text(SHA256.hash(data: Array(text(value).utf8)).prefix(16))
  }

  private static func canonical(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? value
    case .array(let values): .array(values.map(canonical))
    case .object(let fields): .object(fields.mapValues(canonical))
    case .null, .bool, .integer, .string: value
    }
  }
}
