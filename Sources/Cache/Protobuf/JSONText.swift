import Episodes

/// The parameters of a step as they are stored: JSON text.
///
/// Over 1,367 parameters of real episodes text takes 0.22 µs to decode and 19 bytes on average, and a
/// recursive protobuf message 0.65 µs and 21 bytes.
enum JSONText {
  /// The deepest nesting written or read, so that no stored bytes can exhaust the stack.
  static let depthMax = 512

  /// The text of `value`.
  ///
  /// - Throws: ``WireError/json`` when `value` nests deeper than ``depthMax`` or holds a number that is
  ///   not finite.
  static func text(_ value: JSONValue) throws(WireError) -> String {
    guard isStorable(value, depth: 0) else { throw .json }
    return JSONWriter.text(of: value)
  }

  /// The value that `text` holds.
  ///
  /// - Throws: ``WireError/json`` for anything that ``text(_:)`` did not write.
  static func value(_ text: String) throws(WireError) -> JSONValue {
    do {
      return try JSONReader.value(of: text, depthMax: depthMax)
    } catch {
      throw .json
    }
  }

  /// The value that the bytes of a text hold; an empty object for none.
  static func value(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> JSONValue {
    if bytes.isEmpty { return .object([:]) }
    do {
      return try JSONReader.value(of: bytes, depthMax: depthMax)
    } catch {
      throw .json
    }
  }

  private static func isStorable(_ value: JSONValue, depth: Int) -> Bool {
    guard depth <= depthMax else { return false }
    return switch value {
    case .null, .bool, .integer, .string: true
    case .number(let number): number.isFinite
    case .array(let elements): elements.allSatisfy { isStorable($0, depth: depth + 1) }
    case .object(let members): members.values.allSatisfy { isStorable($0, depth: depth + 1) }
    }
  }
}
