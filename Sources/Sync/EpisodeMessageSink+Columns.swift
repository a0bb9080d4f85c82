internal import Cache
internal import DurableStore
internal import Episodes

/// What the texts of columns hold.
extension EpisodeMessageSink {
  func name<Name: RawRepresentable>(
    _ bytes: UnsafeRawBufferPointer
  ) throws(RowColumns.Unsuited) -> Name where Name.RawValue == String {
    guard let name = Name(rawValue: String(decoding: bytes, as: UTF8.self)) else {
      throw RowColumns.Unsuited()
    }
    return name
  }

  func isEmptyList(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count == 2 && text[0] == UInt8(ascii: "[") && text[1] == UInt8(ascii: "]")
  }

  func isEmptyObject(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count == 2 && text[0] == UInt8(ascii: "{") && text[1] == UInt8(ascii: "}")
  }

  /// A value, which is not needed.
  func check(_ text: UnsafeRawBufferPointer) throws(RowColumns.Unsuited) {
    let isPlain =
      JSONBytes.isASCII(text)
      && JSONCheck.isPlain(text, depthMax: EpisodeLimits.parameterDepthMax)
    if !isPlain { _ = try json(text) }
  }

  func json(_ text: UnsafeRawBufferPointer) throws(RowColumns.Unsuited) -> JSONValue {
    // Only whole UTF-8 may be read as it is.
    guard JSONBytes.isASCII(text) || String(validating: text, as: UTF8.self) != nil else {
      throw RowColumns.Unsuited()
    }
    do {
      return try JSONReader.value(of: text, depthMax: EpisodeLimits.parameterDepthMax)
    } catch {
      throw RowColumns.Unsuited()
    }
  }

  func strings(
    _ text: UnsafeRawBufferPointer
  ) throws(RowColumns.Unsuited) -> [String] {
    if isEmptyList(text) { return [] }
    guard case .array(let values) = try json(text) else { throw RowColumns.Unsuited() }
    var strings: [String] = []
    for value in values { strings.append(try string(value)) }
    return strings
  }

  /// Names that break the rules of tags are for the ordinary way to refuse.
  func tags(_ text: UnsafeRawBufferPointer) throws(RowColumns.Unsuited) -> [String] {
    let names = try strings(text)
    guard names.allSatisfy({ (try? Tag($0)) != nil }) else { throw RowColumns.Unsuited() }
    return names
  }

  func map(
    _ text: UnsafeRawBufferPointer
  ) throws(RowColumns.Unsuited) -> [(String, String)] {
    if isEmptyObject(text) { return [] }
    guard case .object(let values) = try json(text) else { throw RowColumns.Unsuited() }
    var map: [(String, String)] = []
    for (key, value) in values { map.append((key, try string(value))) }
    return map
  }

  func string(_ value: JSONValue?) throws(RowColumns.Unsuited) -> String {
    guard case .string(let text)? = value else { throw RowColumns.Unsuited() }
    return text
  }

  func integer(_ value: JSONValue?) throws(RowColumns.Unsuited) -> Int64 {
    guard case .integer(let number)? = value else { throw RowColumns.Unsuited() }
    return number
  }
}
