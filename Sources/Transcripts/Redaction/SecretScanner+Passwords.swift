extension SecretScanner {
  /// Of a value without quotes that is letters alone, so many are looked at.
  private static let lettersCountMax = 64

  /// A password of letters alone: `passwd=letters`, or `password: letters` to the end of the line. Not the name of a
  /// type, and not the name of a variable that says itself that it is a password: both are code.
  func letters(
    at start: Int, named name: Slice<UnsafeRawBufferPointer>, isAssigned: Bool
  ) -> Match? {
    var end = start
    while end < bytes.count, end - start <= Self.lettersCountMax, Self.isLetter(bytes[end]) {
      end += 1
    }
    guard (4...Self.lettersCountMax).contains(end - start) else { return nil }
    let word = bytes[start..<end]
    if SecretNames.isWordOfCode(word) || SecretNames.isSecret(word) { return nil }
    var behind = end
    while behind < bytes.count, bytes[behind] == 0x20, behind - end < 8 { behind += 1 }
    let isLineEnd = behind == bytes.count || bytes[behind] == 0x0A || bytes[behind] == 0x0D
    // In words something follows: "enter the password: then press return".
    let isWordEnd =
      behind > end || isLineEnd || Self.isQuote(bytes[end])
      || bytes[end] == UInt8(ascii: "&")
    guard isLineEnd || isAssigned && isWordEnd else { return nil }
    return Match(range: start..<end, kind: .namedValue)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// The value that stands alone on the line after its name: in quotes, or letters and digits.
  func value(onLineBehind position: Int) -> Match? {
    var from = position
    if bytes[from] == 0x0D { from += 1 }
    guard from < bytes.count, bytes[from] == 0x0A else { return nil }
    from += 1
    let line = from
    while from < bytes.count, bytes[from] == 0x20 || bytes[from] == 0x09,
      from - line < Self.indentationMax
    {
      from += 1
    }
    guard let match = quoted(at: from) ?? bare(at: from, countMin: 8, mustBeMixed: true) else {
      return nil
    }
    var end = match.range.upperBound
    // A name of what comes below, and no value.
    if bytes[end - 1] == UInt8(ascii: ":") { return nil }
    while end < bytes.count, Self.isQuote(bytes[end]) || bytes[end] == 0x20 { end += 1 }
    guard end == bytes.count || bytes[end] == 0x0A || bytes[end] == 0x0D else { return nil }
    return match
  }

  private static let indentationMax = 32
}
