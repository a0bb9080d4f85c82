/// Makes a JSON value of any `Encodable` type; the counterpart of ``JSONValueDecoder``.
///
/// A JSON value inside is taken as it is, so that a number keeps the form it was given in.
package enum JSONValueEncoder {
  package static func value(of encodable: some Encodable) throws -> JSONValue {
    let node = JSONNode()
    try node.encode(encodable, codingPath: [])
    return node.value
  }
}

/// A value that is being put together.
private final class JSONNode {
  enum Content {
    case value(JSONValue)
    case object([String: JSONNode])
    case array([JSONNode])
  }

  var content = Content.value(.null)

  var value: JSONValue {
    switch content {
    case .value(let value): value
    case .object(let fields): .object(fields.mapValues(\.value))
    case .array(let values): .array(values.map(\.value))
    }
  }

  func encode(_ encodable: some Encodable, codingPath: [any CodingKey]) throws {
    switch encodable {
    case let value as JSONValue: content = .value(value)
    case let values as [String]: content = .value(.array(values.map(JSONValue.string)))
    case let fields as [String: String]:
      content = .value(.object(fields.mapValues(JSONValue.string)))
    default: try encodable.encode(to: JSONNodeEncoder(node: self, codingPath: codingPath))
    }
  }

  func field(_ key: String) -> JSONNode {
    let node = JSONNode()
    if case .object(var fields) = content {
      content = .value(.null)
      fields[key] = node
      content = .object(fields)
    } else {
      content = .object([key: node])
    }
    return node
  }

  func element() -> JSONNode {
    let node = JSONNode()
    if case .array(var values) = content {
      content = .value(.null)
      values.append(node)
      content = .array(values)
    } else {
      content = .array([node])
    }
    return node
  }
}

private struct JSONNodeEncoder: Encoder {
  let node: JSONNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = node.content {} else { node.content = .object([:]) }
    return KeyedEncodingContainer(KeyedContainer<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .array = node.content {} else { node.content = .array([]) }
    return UnkeyedContainer(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleContainer(node: node, codingPath: codingPath)
  }
}

private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: JSONNode
  let codingPath: [any CodingKey]

  func encodeNil(forKey key: Key) { _ = node.field(key.stringValue) }

  func encode(_ value: some Encodable, forKey key: Key) throws {
    try node.field(key.stringValue).encode(value, codingPath: codingPath + [key])
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    JSONNodeEncoder(node: node.field(key.stringValue), codingPath: codingPath + [key])
      .container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    JSONNodeEncoder(node: node.field(key.stringValue), codingPath: codingPath + [key])
      .unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    JSONNodeEncoder(node: node.field("super"), codingPath: codingPath)
  }

  func superEncoder(forKey key: Key) -> any Encoder {
    JSONNodeEncoder(node: node.field(key.stringValue), codingPath: codingPath + [key])
  }
}

private struct UnkeyedContainer: UnkeyedEncodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]

  var count: Int {
    if case .array(let values) = node.content { values.count } else { 0 }
  }

  func encodeNil() { _ = node.element() }

  func encode(_ value: some Encodable) throws {
    try node.element().encode(value, codingPath: codingPath)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    JSONNodeEncoder(node: node.element(), codingPath: codingPath).container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    JSONNodeEncoder(node: node.element(), codingPath: codingPath).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    JSONNodeEncoder(node: node.element(), codingPath: codingPath)
  }
}

private struct SingleContainer: SingleValueEncodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]

  func encodeNil() { node.content = .value(.null) }
  func encode(_ value: Bool) { node.content = .value(.bool(value)) }
  func encode(_ value: String) { node.content = .value(.string(value)) }
  func encode(_ value: Double) { node.content = .value(.number(value)) }
  func encode(_ value: Float) { node.content = .value(.number(Double(value))) }
  func encode(_ value: Int) { node.content = .value(.integer(Int64(value))) }
  func encode(_ value: Int8) { node.content = .value(.integer(Int64(value))) }
  func encode(_ value: Int16) { node.content = .value(.integer(Int64(value))) }
  func encode(_ value: Int32) { node.content = .value(.integer(Int64(value))) }
  func encode(_ value: Int64) { node.content = .value(.integer(value)) }
  func encode(_ value: UInt) throws { try encode(UInt64(value)) }
  func encode(_ value: UInt8) { node.content = .value(.integer(Int64(value))) }
  func encode(_ value: UInt16) { node.content = .value(.integer(Int64(value))) }
  func encode(_ value: UInt32) { node.content = .value(.integer(Int64(value))) }

  func encode(_ value: UInt64) throws {
    guard let integer = Int64(exactly: value) else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "\(value) is beyond 64 signed bits"))
    }
    node.content = .value(.integer(integer))
  }

  func encode(_ value: some Encodable) throws {
    try node.encode(value, codingPath: codingPath)
  }
}
