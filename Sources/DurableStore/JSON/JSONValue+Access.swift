import Episodes

/// Typed access to parsed columns; each throws when the column holds something else.
extension JSONValue {
  func object() throws(JSONTextError) -> [String: JSONValue] {
    guard case .object(let object) = self else { throw JSONTextError(problem: "not an object") }
    return object
  }

  func array() throws(JSONTextError) -> [JSONValue] {
    guard case .array(let array) = self else { throw JSONTextError(problem: "not an array") }
    return array
  }

  func string() throws(JSONTextError) -> String {
    guard case .string(let string) = self else { throw JSONTextError(problem: "not a string") }
    return string
  }

  func integer() throws(JSONTextError) -> Int64 {
    guard case .integer(let integer) = self else {
      throw JSONTextError(problem: "not a whole number")
    }
    return integer
  }

  func number() throws(JSONTextError) -> Double {
    switch self {
    case .number(let number): return number
    case .integer(let integer): return Double(integer)
    default: throw JSONTextError(problem: "not a number")
    }
  }

  func strings() throws(JSONTextError) -> [String] {
    let values = try array()
    var strings: [String] = []
    strings.reserveCapacity(values.count)
    for value in values { strings.append(try value.string()) }
    return strings
  }

  func stringsByKey() throws(JSONTextError) -> [String: String] {
    var strings: [String: String] = [:]
    for (key, value) in try object() { strings[key] = try value.string() }
    return strings
  }
}

extension [String: JSONValue] {
  /// The value under a key that must be there.
  func value(_ key: String) throws(JSONTextError) -> JSONValue {
    guard let value = self[key] else { throw JSONTextError(problem: "no '\(key)'") }
    return value
  }
}
