internal import Episodes

/// The fields of an object of the wire. One that is null counts as missing.
struct HranaFields {
  private let fields: [String: JSONValue]

  init(_ json: JSONValue) throws(HranaFormatError) {
    guard case .object(let fields) = json else {
      throw HranaFormatError("", "is no object; expected one")
    }
    self.fields = fields
  }

  subscript(_ name: String) -> JSONValue? {
    if let value = fields[name], value != .null { value } else { nil }
  }

  func optionalText(_ name: String) throws(HranaFormatError) -> String? {
    switch self[name] {
    case nil: return nil
    case .string(let text): return text
    default: throw HranaFormatError(name, "is no text; expected one")
    }
  }

  func text(_ name: String) throws(HranaFormatError) -> String {
    guard let text = try optionalText(name) else {
      throw HranaFormatError(name, "is missing; expected a text")
    }
    return text
  }

  func optionalFlag(_ name: String) throws(HranaFormatError) -> Bool? {
    switch self[name] {
    case nil: return nil
    case .bool(let flag): return flag
    default: throw HranaFormatError(name, "is no truth value; expected true or false")
    }
  }

  func optionalInteger(_ name: String) throws(HranaFormatError) -> Int? {
    switch self[name] {
    case nil: return nil
    case .integer(let integer): return Int(integer)
    default: throw HranaFormatError(name, "is no whole number; expected one")
    }
  }

  /// A number from 0 on.
  func count(_ name: String) throws(HranaFormatError) -> Int {
    guard let count = try optionalInteger(name) else {
      throw HranaFormatError(name, "is missing; expected a whole number")
    }
    guard count >= 0 else { throw HranaFormatError(name, "is \(count); expected 0 or more") }
    return count
  }

  /// A whole number in a text, as the wire has those of 64 bits.
  func optionalLong(_ name: String) throws(HranaFormatError) -> Int64? {
    switch self[name] {
    case nil: return nil
    case .integer(let integer): return integer
    case .string(let text):
      if let integer = Int64(text) { return integer }
    default: break
    }
    throw HranaFormatError(name, "is no whole number of 64 bits in a text")
  }

  func message<Message: HranaMessage>(
    _ name: String, _ type: Message.Type = Message.self
  ) throws(HranaFormatError) -> Message {
    guard let message = try optional(name, type) else {
      throw HranaFormatError(name, "is missing")
    }
    return message
  }

  func optional<Message: HranaMessage>(
    _ name: String, _ type: Message.Type = Message.self
  ) throws(HranaFormatError) -> Message? {
    guard let json = self[name] else { return nil }
    do throws(HranaFormatError) {
      return try Message(json: json)
    } catch {
      throw error.inside(name)
    }
  }

  /// A list; empty where it is missing.
  func list<Message: HranaMessage>(
    _ name: String, _ type: Message.Type = Message.self
  ) throws(HranaFormatError) -> [Message] {
    var messages: [Message] = []
    for (index, json) in try values(name).enumerated() {
      do throws(HranaFormatError) {
        messages.append(try Message(json: json))
      } catch {
        throw error.inside("\(name)[\(index)]")
      }
    }
    return messages
  }

  /// A list in which messages may be missing.
  func optionals<Message: HranaMessage>(
    _ name: String, _ type: Message.Type = Message.self
  ) throws(HranaFormatError) -> [Message?] {
    var messages: [Message?] = []
    for (index, json) in try values(name).enumerated() {
      if json == .null {
        messages.append(nil)
        continue
      }
      do throws(HranaFormatError) {
        messages.append(try Message(json: json))
      } catch {
        throw error.inside("\(name)[\(index)]")
      }
    }
    return messages
  }

  func values(_ name: String) throws(HranaFormatError) -> [JSONValue] {
    switch self[name] {
    case nil: return []
    case .array(let values): return values
    default: throw HranaFormatError(name, "is no list; expected one")
    }
  }
}
