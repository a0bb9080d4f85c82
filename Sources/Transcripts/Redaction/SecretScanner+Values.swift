extension SecretScanner {
  static let quotedCountMax = 16 << 10
  /// Of a value without quotes that must have letters and digits, as many bytes are looked at.
  private static let mixedCountMax = 256

  /// The value behind `=` or `:` at `position`, if the name before it is that of a secret.
  func value(behind position: Int) -> Match? {
    var end = position
    while end > 0, bytes[end - 1] == 0x20, position - end < 4 { end -= 1 }
    var isQuotedName = false
    while end > 0, position - end < 8,
      Self.isQuote(bytes[end - 1]) || Self.isBackslash(bytes[end - 1])
    {
      isQuotedName = true
      end -= 1
    }
    var start = end
    while start > 0, Self.isWord(bytes[start - 1]), end - start < 80 { start -= 1 }
    guard end - start >= 3 else { return nil }
    var from = position + 1
    while from < bytes.count, bytes[from] == 0x20, from - position < 5 { from += 1 }
    guard from < bytes.count else { return nil }
    let name = bytes[start..<end]
    if bytes[from] == 0x0A || bytes[from] == 0x0D {
      return SecretNames.isSecret(name) ? value(onLineBehind: from) : nil
    }
    if SecretNames.isCookie(name) { return cookies(at: from) }
    let isSignature =
      start > 0 && [UInt8(ascii: "?"), UInt8(ascii: "&")].contains(bytes[start - 1])
      && SecretNames.isSignature(name)
    guard isSignature || SecretNames.isSecret(name) else { return nil }
    var first = from
    while first < bytes.count, first - from < 4,
      Self.isQuote(bytes[first]) || Self.isBackslash(bytes[first])
    {
      first += 1
    }
    if let match = privateKey(at: first) { return match }
    if let match = quoted(at: from) { return match }
    // `--password=words`.
    if from == position + 1, bytes[position] == UInt8(ascii: "="), starts("--", at: start) {
      return bare(at: from, countMin: 4)
    }
    // `token = next()` is code; `TOKEN=value` sets a variable, and a quoted name is JSON.
    // Of a text in a text the `n` of a line feed stands before the name.
    let isEscaped = start > 0 && Self.isBackslash(bytes[start - 1])
    let isVariable =
      from == position + 1 && bytes[position] == UInt8(ascii: "=")
      && name.dropFirst(isEscaped ? 1 : 0).allSatisfy { !(0x61...0x7A).contains($0) }
    if let match = bare(
      at: from, countMin: isVariable && !isQuotedName ? 6 : 8, mustBeMixed: !isVariable)
    {
      return match
    }
    let isAssigned = bytes[position] == UInt8(ascii: "=") && from == position + 1
    return SecretNames.isPassword(name)
      ? letters(at: from, named: name, isAssigned: isAssigned) : nil
  }

  static func isQuote(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x22, 0x27, 0x60: true
    default: false
    }
  }

  static func isBackslash(_ byte: UInt8) -> Bool { byte == 0x5C }

  /// Whether it stands for a value that is elsewhere: `$NAME`, `${…}`, `<your-token>`, `{name}`, or was taken out.
  func isPlaceholder(_ range: Range<Int>) -> Bool {
    guard let first = bytes[range].first else { return true }
    switch first {
    case UInt8(ascii: "<"), UInt8(ascii: "{"): return true
    case UInt8(ascii: "["): return starts("[redacted: ", at: range.lowerBound)
    case UInt8(ascii: "$"):
      let rest = bytes[range].dropFirst()
      guard let next = rest.first else { return true }
      if next == UInt8(ascii: "{") || next == UInt8(ascii: "(") { return true }
      return rest.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, UInt8(ascii: "_"): true
        default: false
        }
      }
    default: return false
    }
  }

  /// A text in quotes, which may themselves be escaped.
  func quoted(at position: Int) -> Match? {
    var start = position
    while start < bytes.count, start - position < 8, Self.isBackslash(bytes[start]) { start += 1 }
    let depth = start - position
    guard start < bytes.count, Self.isQuote(bytes[start]) else { return nil }
    let quote = bytes[start]
    start += 1
    // What is no value need not be read to its end.
    if start < bytes.count, bytes[start] != UInt8(ascii: "$"), isPlaceholder(start..<start + 1) {
      return nil
    }
    let end = quotedEnd(from: start, quote: quote, depth: depth)
    guard end - start >= 4, !isPlaceholder(start..<end) else { return nil }
    return Match(range: start..<end, kind: .namedValue)
  }

  /// Where a text in quotes ends, which stand behind `depth` backslashes: at the quote, the line or the bound.
  private func quotedEnd(from start: Int, quote: UInt8, depth: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != 0x0A, end - start < Self.quotedCountMax {
      if Self.isBackslash(bytes[end]) {
        if depth == 0 {
          end = min(end + 2, bytes.count)
          continue
        }
        var behind = end
        while behind < bytes.count, Self.isBackslash(bytes[behind]) { behind += 1 }
        let count = behind - end
        if behind < bytes.count, bytes[behind] == quote {
          // The backslashes of the value itself stand there doubled.
          if count <= depth { return end }
          if depth == 1, (count - 1) / 2 % 2 == 0 { return behind - 1 }
        }
        end = min(behind + 1, bytes.count)
        continue
      }
      if bytes[end] == quote { return end }
      end += 1
    }
    return min(end, bytes.count)
  }

  private static func endsBare(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x22, 0x27, 0x60, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ")"): true
    default: false
    }
  }

  /// A value without quotes.
  ///
  /// - Parameter mustBeMixed: takes only what has letters and digits, and is no call of a function.
  func bare(at start: Int, countMin: Int, mustBeMixed: Bool = false) -> Match? {
    guard start < bytes.count else { return nil }
    switch bytes[start] {
    case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "("), UInt8(ascii: "["),
      UInt8(ascii: "%"):
      return nil
    default: break
    }
    if isExpansion(at: start) { return nil }
    var end = start
    if mustBeMixed {
      var hasDigit = false
      var hasLetter = false
      let bound = min(bytes.count, start + Self.mixedCountMax)
      while end < bound, !Self.endsBare(bytes[end]) {
        switch bytes[end] {
        case 0x30...0x39: hasDigit = true
        case 0x41...0x5A, 0x61...0x7A: hasLetter = true
        case UInt8(ascii: "("), UInt8(ascii: "["): return nil
        default: break
        }
        end += 1
      }
      guard hasDigit, hasLetter else { return nil }
    }
    // What is looked at here is taken, and not looked at again.
    while end < bytes.count, !Self.endsBare(bytes[end]) { end += 1 }
    guard end - start >= countMin, !isPlaceholder(start..<end) else { return nil }
    return Match(range: start..<end, kind: .namedValue)
  }

  /// `${…}` or `$(…)`, which stands for a value: looked at before the value is read to its end, since what is read and
  /// not taken would be read again from each sign in it.
  private func isExpansion(at start: Int) -> Bool {
    guard bytes[start] == UInt8(ascii: "$"), start + 1 < bytes.count else { return false }
    return bytes[start + 1] == UInt8(ascii: "{") || bytes[start + 1] == UInt8(ascii: "(")
  }

  /// `Cookie: name=value; …`, to the end of the line or of the text in quotes around it.
  private func cookies(at start: Int) -> Match? {
    guard start < bytes.count, !isExpansion(at: start) else { return nil }
    switch bytes[start] {
    case UInt8(ascii: "<"), UInt8(ascii: "{"): return nil
    case UInt8(ascii: "[") where starts("[redacted: ", at: start): return nil
    default: break
    }
    var end = start
    var hasValue = false
    // Without a value among the first of them it is none, and the time stays linear.
    while end < bytes.count, bytes[end] >= 0x20, !Self.isQuote(bytes[end]),
      !Self.isBackslash(bytes[end]), hasValue || end - start < Self.mixedCountMax
    {
      if bytes[end] == UInt8(ascii: "=") { hasValue = true }
      end += 1
    }
    guard hasValue, end - start >= 8, !isPlaceholder(start..<end) else { return nil }
    return Match(range: start..<end, kind: .namedValue)
  }

  /// `--password VALUE`, `login NAME password VALUE` as in `.netrc`, and `curl -u NAME:VALUE`.
  func option(_ word: Range<Int>) -> Match? {
    guard word.upperBound < bytes.count, bytes[word.upperBound] == 0x20 else { return nil }
    let start = word.upperBound + 1
    guard start < bytes.count, bytes[start] != UInt8(ascii: "-") else { return nil }
    if starts("--", at: word.lowerBound), SecretNames.isSecret(bytes[word]) {
      return quoted(at: start) ?? bare(at: start, countMin: 4)
    }
    if word.count == 8, starts("password", at: word.lowerBound), followsLogin(word.lowerBound) {
      return bare(at: start, countMin: 4)
    }
    if word.count == 2 && starts("-u", at: word.lowerBound)
      || word.count == 6 && starts("--user", at: word.lowerBound)
    {
      return userPassword(at: start, of: word.lowerBound)
    }
    return nil
  }

  private func followsLogin(_ position: Int) -> Bool {
    var start = position
    func back(while condition: (UInt8) -> Bool) {
      while start > 0, position - start < 256, condition(bytes[start - 1]) { start -= 1 }
    }
    back { $0 <= 0x20 }
    back { $0 > 0x20 }
    back { $0 <= 0x20 }
    return starts("login", at: start - 5)
  }

  private func userPassword(at start: Int, of option: Int) -> Match? {
    var from = start
    if from < bytes.count, Self.isQuote(bytes[from]) { from += 1 }
    while from < bytes.count, from - start < 128, bytes[from] != UInt8(ascii: ":"),
      !Self.endsBare(bytes[from])
    {
      from += 1
    }
    guard from < bytes.count, bytes[from] == UInt8(ascii: ":"),
      find("curl", from: max(0, option - 200), to: option) != nil
    else { return nil }
    return bare(at: from + 1, countMin: 4)
  }
}
