/// Decodes any `Decodable` type from a parsed JSON value.
///
/// Whole numbers are accepted where fractions are expected, and fractions of zero where whole
/// numbers are; everything else must have the type asked for.
package struct JSONValueDecoder: Decoder {
  let value: JSONValue
  package let codingPath: [any CodingKey]
  package let userInfo: [CodingUserInfoKey: Any]
  private let tracksPath: Bool

  /// - Parameter tracksPath: whether errors tell the path of the value. Keeping it costs an array
  ///   for every value; who expects no errors decodes without and, on an error, once more with it.
  package init(
    _ value: JSONValue, codingPath: [any CodingKey] = [],
    userInfo: [CodingUserInfoKey: Any] = [:], tracksPath: Bool = true
  ) {
    self.value = value
    self.codingPath = codingPath
    self.userInfo = userInfo
    self.tracksPath = tracksPath
  }

  package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<
    Key
  > {
    guard case .object(let fields) = value else { throw mismatch([String: JSONValue].self) }
    return KeyedDecodingContainer(JSONKeyedContainer(fields: fields, decoder: self))
  }

  package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let values) = value else { throw mismatch([JSONValue].self) }
    return JSONUnkeyedContainer(values: values, decoder: self)
  }

  package func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func nested(_ value: JSONValue, _ key: any CodingKey) -> JSONValueDecoder {
    JSONValueDecoder(
      value, codingPath: tracksPath ? codingPath + [key] : codingPath, userInfo: userInfo,
      tracksPath: tracksPath)
  }

  func mismatch(_ type: any Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: value.kindDescription))
  }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
  package func decodeNil() -> Bool { value == .null }

  package func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = value else { throw mismatch(type) }
    return value
  }

  package func decode(_ type: String.Type) throws -> String {
    guard case .string(let value) = value else { throw mismatch(type) }
    return value
  }

  package func decode(_ type: Double.Type) throws -> Double {
    switch value {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: throw mismatch(type)
    }
  }

  package func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
  package func decode(_ type: Int.Type) throws -> Int { try integer() }
  package func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  package func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  package func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  package func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  package func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  package func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  package func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  package func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  package func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    // What is parsed already need not be taken apart and put together again.
    if type == JSONValue.self, let value = value as? Value { return value }
    if type == [String].self, let list = strings() as? Value { return list }
    if type == [Float].self, let list = floats() as? Value { return list }
    if type == [String: String].self, let map = stringMap() as? Value { return map }
    return try Value(from: self)
  }

  private func floats() -> [Float]? {
    guard case .array(let values) = value else { return nil }
    var list: [Float] = []
    list.reserveCapacity(values.count)
    for value in values {
      switch value {
      case .number(let number): list.append(Float(number))
      case .integer(let number): list.append(Float(number))
      default: return nil
      }
    }
    return list
  }

  private func strings() -> [String]? {
    guard case .array(let values) = value else { return nil }
    var list: [String] = []
    list.reserveCapacity(values.count)
    for value in values {
      guard case .string(let text) = value else { return nil }
      list.append(text)
    }
    return list
  }

  private func stringMap() -> [String: String]? {
    guard case .object(let fields) = value else { return nil }
    var map: [String: String] = [:]
    map.reserveCapacity(fields.count)
    for (name, value) in fields {
      guard case .string(let text) = value else { return nil }
      map[name] = text
    }
    return map
  }

  private func integer<Value: FixedWidthInteger>() throws -> Value {
    switch value {
    case .integer(let value):
      if let value = Value(exactly: value) { return value }
    case .number(let value):
      if let value = Value(exactly: value) { return value }
    default: break
    }
    throw mismatch(Value.self)
  }
}
