/// Looks whether bytes are a JSON value of the plain kind that programs write, without making anything of it.
///
/// It says yes only to what ``JSONReader`` reads; what it does not say yes to may be right all the same.
package struct JSONCheck {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  /// Names of an object are compared one by one.
  private static let fieldsMax = 16
  /// More digits may not fit 64 bits.
  private static let digitsMax = 18

  // SAFETY: a check lives inside `isPlain` only, and looks at each index after it has compared it with the count.
  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// - Parameters:
  ///   - bytes: which must be valid UTF-8.
  ///   - depthMax: as that of ``JSONReader/value(of:depthMax:allowsRepeatedFields:)-(UnsafeRawBufferPointer,_,_)``.
  /// - Complexity: linear in the number of bytes.
  package static func isPlain(_ bytes: UnsafeRawBufferPointer, depthMax: Int) -> Bool {
    var check = JSONCheck(bytes)
    return check.value(depthLeft: depthMax) && check.position == bytes.count
  }

  private mutating func value(depthLeft: Int) -> Bool {
    guard depthLeft >= 0, let byte = peek else { return false }
    switch byte {
    case UInt8(ascii: "{"): return object(depthLeft: depthLeft)
    case UInt8(ascii: "["): return array(depthLeft: depthLeft)
    case UInt8(ascii: "\""): return string(allowsEscapes: true) != nil
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return number()
    }
  }

  private mutating func object(depthLeft: Int) -> Bool {
    position += 1
    if take(UInt8(ascii: "}")) { return true }
    var names: [Range<Int>] = []
    while true {
      guard names.count < Self.fieldsMax, let name = string(allowsEscapes: false),
        !names.contains(where: { isSame($0, name) }), take(UInt8(ascii: ":")),
        value(depthLeft: depthLeft - 1)
      else { return false }
      if take(UInt8(ascii: "}")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
      names.append(name)
    }
  }

  private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    left.count == right.count && bytes[left].elementsEqual(bytes[right])
  }

  private mutating func array(depthLeft: Int) -> Bool {
    position += 1
    if take(UInt8(ascii: "]")) { return true }
    while value(depthLeft: depthLeft - 1) {
      if take(UInt8(ascii: "]")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
    return false
  }

  /// - Returns: where the bytes between the quotes are; nil where there is no plain string.
  private mutating func string(allowsEscapes: Bool) -> Range<Int>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    while true {
      position = JSONBytes.plainEnd(of: bytes, from: position)
      if take(UInt8(ascii: "\"")) { return start..<position - 1 }
      guard allowsEscapes, take(UInt8(ascii: "\\")), let escaped = peek else { return nil }
      switch escaped {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "n"),
        UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"):
        position += 1
      default: return nil
      }
    }
  }

  private mutating func number() -> Bool {
    _ = take(UInt8(ascii: "-"))
    let start = position
    skipDigits()
    let wholeCount = position - start
    guard wholeCount >= 1, wholeCount == 1 || bytes[start] != UInt8(ascii: "0") else {
      return false
    }
    if take(UInt8(ascii: ".")) {
      let point = position
      skipDigits()
      guard position > point else { return false }
    }
    guard position - start <= Self.digitsMax else { return false }
    return peek != UInt8(ascii: "e") && peek != UInt8(ascii: "E")
  }

  private mutating func skipDigits() {
    while let byte = peek, byte >= 0x30, byte <= 0x39 { position += 1 }
  }

  private mutating func word(_ word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count,
      bytes[position..<end].elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    else { return false }
    position = end
    return true
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }
}
