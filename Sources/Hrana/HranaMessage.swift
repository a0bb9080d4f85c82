public import Episodes

/// A value of the protocol, as it goes over the wire: JSON, whose unknown fields are ignored.
public protocol HranaMessage: Sendable {
  init(json: JSONValue) throws(HranaFormatError)

  /// Reads the value where it is written as programs write it.
  init(reading reader: inout HranaReader) throws(HranaReader.Unsuited)

  /// Appends the value as JSON.
  func write(to writer: inout JSONWriter)
}

extension HranaMessage {
  /// Levels of objects and lists inside one another that a message may have.
  static var depthMax: Int { 128 }

  /// Reads a message of untrusted bytes.
  ///
  /// - Throws: ``HranaFormatError`` for what is no UTF-8, no JSON, nested deeper than 128 levels, or no such
  ///   message.
  public init(bytes: UnsafeRawBufferPointer) throws(HranaFormatError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw HranaFormatError("", "the message is not valid UTF-8")
    }
    if let message = Self.fast(bytes) {
      self = message
      return
    }
    let json: JSONValue
    do throws(JSONSyntaxError) {
      json = try JSONReader.value(of: bytes, depthMax: Self.depthMax)
    } catch {
      throw HranaFormatError("", "the message is no JSON: column \(error.column): \(error.problem)")
    }
    try self.init(json: json)
  }

  /// Reads a message of text.
  public init(text: String) throws(HranaFormatError) {
    var text = text
    let result = text.withUTF8 { utf8 in
      Result { () throws(HranaFormatError) in try Self(bytes: UnsafeRawBufferPointer(utf8)) }
    }
    self = try result.get()
  }

  /// The message as JSON, in UTF-8.
  public var utf8: [UInt8] {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.utf8
  }

  /// The message as JSON.
  public var text: String {
    var writer = JSONWriter()
    write(to: &writer)
    return writer.text
  }
}

extension JSONWriter {
  mutating func field(_ name: StaticString, _ value: String?) {
    raw(name)
    if let value { string(value) } else { raw("null") }
  }

  mutating func list<Message: HranaMessage>(_ messages: some Sequence<Message>) {
    raw("[")
    var isFirst = true
    for message in messages {
      separate(&isFirst)
      message.write(to: &self)
    }
    raw("]")
  }

  /// A list in which messages may be missing.
  mutating func list<Message: HranaMessage>(optional messages: some Sequence<Message?>) {
    raw("[")
    var isFirst = true
    for message in messages {
      separate(&isFirst)
      if let message { message.write(to: &self) } else { raw("null") }
    }
    raw("]")
  }
}
