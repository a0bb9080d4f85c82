/// Finds secrets in a text in one pass over its bytes.
struct SecretScanner {
  struct Match: Equatable {
    var range: Range<Int>
    var kind: SecretKind
  }

  // SAFETY: a scanner lives inside `secrets` only; every index is checked against the count.
  let bytes: UnsafeRawBufferPointer
  private var matches: [Match] = []

  /// The secrets, in their order, none of which overlaps another.
  static func secrets(in bytes: UnsafeRawBufferPointer) -> [Match] {
    var scanner = SecretScanner(bytes: bytes)
    scanner.scan()
    return scanner.matches
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private mutating func scan() {
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      var found: Match?
      switch byte {
      case UInt8(ascii: "-"):
        found = privateKey(at: position)
      case UInt8(ascii: ":"):
        found = password(ofAddressAt: position) ?? value(behind: position)
      case UInt8(ascii: "="):
        found = value(behind: position)
      case UInt8(ascii: ">"):
        found = element(endingAt: position)
      default: break
      }
      if found == nil, isWordStart(position) {
        let end = wordEnd(position)
        found = word(position..<end)
        if found == nil {
          // What begins inside a word is looked for no more, but for the signs above.
          position += 1
          continue
        }
      }
      if let found, found.range.lowerBound >= (matches.last?.range.upperBound ?? 0) {
        matches.append(found)
        position = max(position + 1, found.range.upperBound)
      } else {
        position += 1
      }
    }
  }

  // MARK: Words

  /// Letters, digits and what joins them in tokens.
  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private func isWordStart(_ position: Int) -> Bool {
    Self.isWord(bytes[position])
      && (position == 0 || !Self.isWord(bytes[position - 1]) || isEscapeEnd(position))
  }

  /// Whether what comes before is no part of a word, though it is written in letters: `\n`, `\u0022` and `%3D` of
  /// a text in a text, and the end of a terminal's colour.
  private func isEscapeEnd(_ position: Int) -> Bool {
    func byte(_ distance: Int) -> UInt8 { distance <= position ? bytes[position - distance] : 0 }
    func isHexadecimal(_ distance: Int) -> Bool {
      switch byte(distance) {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
      default: false
      }
    }
    switch byte(2) {
    case UInt8(ascii: "\\"):
      switch byte(1) {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"),
        UInt8(ascii: "f"):
        return true
      default: break
      }
    default: break
    }
    if byte(1) == UInt8(ascii: "m") {
      var distance = 2
      while distance < 16, (0x30...0x3B).contains(byte(distance)) { distance += 1 }
      if byte(distance) == UInt8(ascii: "[") { return true }
    }
    guard isHexadecimal(1), isHexadecimal(2) else { return false }
    if byte(3) == UInt8(ascii: "%") { return true }
    if byte(3) == UInt8(ascii: "x"), byte(4) == UInt8(ascii: "\\") { return true }
    return isHexadecimal(3) && isHexadecimal(4) && byte(5) == UInt8(ascii: "u")
      && byte(6) == UInt8(ascii: "\\")
  }

  private func wordEnd(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    return end
  }

  func starts(_ text: StaticString, at position: Int, ignoringCase: Bool = false) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position >= 0, count <= bytes.count - position else { return false }
    for index in 0..<count {
      // SAFETY: the index is below the number of code units.
      let byte = ignoringCase ? bytes[position + index] | 0x20 : bytes[position + index]
      if byte != text.utf8Start[index] { return false }
    }
    return true
  }

  /// Words begin inside of tokens, too: so much is looked at from each of them, and the time stays linear.
  private static let lookedCountMax = 128

  /// Where a token ends that may have points in it, but not at its end.
  private func tokenEnd(_ start: Int, to bound: Int) -> Int {
    var end = start
    while end < bound, Self.isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
    while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return end
  }

  private mutating func word(_ word: Range<Int>) -> Match? {
    let start = word.lowerBound
    if let prefixes = TokenPrefix.byFirstByte[bytes[start]] {
      for prefix in prefixes where bytes[start...].starts(with: prefix.text) {
        let from = start + prefix.text.count
        // A name such as "sk-learn-contrib-extensions" has no digit.
        let looked = tokenEnd(from, to: min(bytes.count, from + Self.lookedCountMax))
        if looked - from >= prefix.restMin,
          bytes[from..<looked].contains(where: { (0x30...0x39).contains($0) })
        {
          // What is taken is not looked at again.
          return Match(range: start..<tokenEnd(looked, to: bytes.count), kind: .token)
        }
      }
    }
    if starts("eyJ", at: start), let end = webTokenEnd(start) {
      return Match(range: start..<end, kind: .webToken)
    }
    if starts("bearer", at: start, ignoringCase: true), word.count == 6 {
      return authorization(behind: word.upperBound, countMin: 12)
    }
    if starts("basic", at: start, ignoringCase: true), word.count == 5,
      isNamedAuthorization(start)
    {
      return authorization(behind: word.upperBound, countMin: 6)
    }
    if let match = webhook(at: start) ?? option(word) { return match }
    return randomWord(at: start)
  }

  /// Three parts of base64url with points between them; the last may be empty.
  private func webTokenEnd(_ start: Int) -> Int? {
    let header = wordEnd(start)
    guard header - start >= 10, header + 1 < bytes.count, bytes[header] == UInt8(ascii: "."),
      case let body = wordEnd(header + 1), body - header > 10
    else { return nil }
    guard body < bytes.count, bytes[body] == UInt8(ascii: ".") else { return body }
    return wordEnd(body + 1)
  }

  /// Whether `Authorization` stands before, in whatever quotes.
  private func isNamedAuthorization(_ position: Int) -> Bool {
    var end = position
    while end > 0, position - end < 10 {
      switch bytes[end - 1] {
      case 0x20, 0x22, 0x27, 0x5C, UInt8(ascii: ":"), UInt8(ascii: "="): end -= 1
      default: return starts("uthorization", at: end - 12, ignoringCase: true)
      }
    }
    return false
  }

  private func authorization(behind end: Int, countMin: Int) -> Match? {
    var start = end
    while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    guard start > end else { return nil }
    var stop = start
    while stop < bytes.count, Self.isToken(bytes[stop]) { stop += 1 }
    guard stop - start >= countMin,
      bytes[start..<stop].contains(where: { (0x30...0x39).contains($0) }) || stop - start >= 24
    else { return nil }
    return Match(range: start..<stop, kind: .authorization)
  }

  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"),
      UInt8(ascii: "="):
      true
    default: isWord(byte)
    }
  }
}
