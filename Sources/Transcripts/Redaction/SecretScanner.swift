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
    Self.isWord(bytes[position]) && (position == 0 || !Self.isWord(bytes[position - 1]))
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

  private mutating func word(_ word: Range<Int>) -> Match? {
    let start = word.lowerBound
    if let prefixes = TokenPrefix.byFirstByte[bytes[start]] {
      for prefix in prefixes where bytes[start...].starts(with: prefix.text) {
        var end = start + prefix.text.count
        while end < bytes.count, Self.isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") {
          end += 1
        }
        while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        let rest = bytes[(start + prefix.text.count)..<max(end, start + prefix.text.count)]
        // A name such as "sk-learn-contrib-extensions" has no digit.
        if rest.count >= prefix.restMin, rest.contains(where: { (0x30...0x39).contains($0) }) {
          return Match(range: start..<end, kind: .token)
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
      starts("uthorization", at: start - 14, ignoringCase: true)
        || starts("uthorization", at: start - 13, ignoringCase: true)
        || starts("uthorization", at: start - 15, ignoringCase: true)
    {
      return authorization(behind: word.upperBound, countMin: 6)
    }
    if starts("--", at: start), let match = option(word) { return match }
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
    if isWord(byte) { return true }
    return [
      UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"),
      UInt8(ascii: "="),
    ].contains(byte)
  }

  /// `--password VALUE`.
  private func option(_ word: Range<Int>) -> Match? {
    guard word.upperBound < bytes.count, bytes[word.upperBound] == 0x20,
      SecretNames.isSecret(bytes[word])
    else { return nil }
    let start = word.upperBound + 1
    guard start < bytes.count, ![UInt8(ascii: "-"), UInt8(ascii: "$")].contains(bytes[start]) else {
      return nil
    }
    return quoted(at: start) ?? bare(at: start, countMin: 4)
  }
}
