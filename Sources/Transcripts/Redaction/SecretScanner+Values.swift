#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension SecretScanner {
  // MARK: Blocks and addresses

  /// From `-----BEGIN … PRIVATE KEY` to the end of the block, or of the text where that was cut.
  func privateKey(at position: Int) -> Match? {
    guard starts("-----BEGIN ", at: position) else { return nil }
    let headEnd = min(bytes.count, position + 64)
    guard let name = find("PRIVATE KEY", from: position, to: headEnd) else { return nil }
    guard let end = find("-----END ", from: name, to: bytes.count) else {
      return Match(range: position..<bytes.count, kind: .privateKey)
    }
    let tail = find("KEY-----", from: end, to: min(bytes.count, end + 64)).map { $0 + 8 }
    return Match(range: position..<(tail ?? bytes.count), kind: .privateKey)
  }

  private func find(_ text: StaticString, from start: Int, to end: Int) -> Int? {
    var position = start
    while position + text.utf8CodeUnitCount <= end {
      if starts(text, at: position) { return position }
      position += 1
    }
    return nil
  }

  /// The password of `scheme://user:password@host`; `position` is that of the first colon.
  func password(ofAddressAt position: Int) -> Match? {
    guard starts("://", at: position) else { return nil }
    var colon: Int?
    var index = position + 3
    while index < bytes.count, index - position < 512 {
      switch bytes[index] {
      case UInt8(ascii: ":") where colon == nil: colon = index
      case UInt8(ascii: "@"):
        guard let colon, index - colon > 1 else { return nil }
        // A name of a variable is no password.
        if bytes[colon + 1] == UInt8(ascii: "$") || bytes[colon + 1] == UInt8(ascii: "<") {
          return nil
        }
        return Match(range: (colon + 1)..<index, kind: .connectionPassword)
      case 0...0x20, UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "'"),
        UInt8(ascii: "`"), UInt8(ascii: ">"):
        return nil
      default: break
      }
      index += 1
    }
    return nil
  }

  // MARK: Named values

  /// The value behind `=` or `:` at `position`, if the name before it is that of a secret.
  func value(behind position: Int) -> Match? {
    var end = position
    while end > 0, bytes[end - 1] == 0x20, position - end < 4 { end -= 1 }
    var isQuotedName = false
    while end > 0,
      [UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\")].contains(bytes[end - 1])
    {
      isQuotedName = true
      end -= 1
    }
    var start = end
    while start > 0, Self.isWord(bytes[start - 1]), end - start < 80 { start -= 1 }
    guard end - start >= 3, SecretNames.isSecret(bytes[start..<end]) else { return nil }
    var from = position + 1
    while from < bytes.count, bytes[from] == 0x20, from - position < 5 { from += 1 }
    guard from < bytes.count else { return nil }
    if let match = quoted(at: from) { return match }
    // `token = next()` is code; `TOKEN=value` sets a variable, and a quoted name is JSON.
    let isVariable =
      from == position + 1 && bytes[position] == UInt8(ascii: "=")
      && bytes[start..<end].allSatisfy { !(0x61...0x7A).contains($0) }
    return bare(at: from, countMin: isVariable && !isQuotedName ? 6 : 8, mustBeMixed: !isVariable)
  }

  /// A text in quotes, which may themselves be escaped.
  func quoted(at position: Int) -> Match? {
    var start = position
    while start < bytes.count, bytes[start] == UInt8(ascii: "\\") { start += 1 }
    guard start < bytes.count, [0x22, 0x27, 0x60].contains(bytes[start]) else { return nil }
    let quote = bytes[start]
    start += 1
    var end = start
    while end < bytes.count, bytes[end] != quote, bytes[end] != UInt8(ascii: "\\"),
      bytes[end] != 0x0A, end - start < 4096
    {
      end += 1
    }
    guard end - start >= 4, bytes[start] != UInt8(ascii: "$"), bytes[start] != UInt8(ascii: "<"),
      bytes[start] != UInt8(ascii: "{"), !starts("[redacted", at: start)
    else { return nil }
    return Match(range: start..<end, kind: .namedValue)
  }

  /// A value without quotes.
  ///
  /// - Parameter mustBeMixed: takes only what has letters and digits, and is no call of a function.
  func bare(at start: Int, countMin: Int, mustBeMixed: Bool = false) -> Match? {
    var end = start
    let ends: [UInt8] = [0x22, 0x27, 0x60, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ")")]
    while end < bytes.count, bytes[end] > 0x20, !ends.contains(bytes[end]), end - start < 4096 {
      end += 1
    }
    let value = bytes[start..<end]
    guard value.count >= countMin, let first = value.first,
      ![
        UInt8(ascii: "$"), UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "("),
        UInt8(ascii: "["), UInt8(ascii: "%"),
      ].contains(first)
    else { return nil }
    if mustBeMixed {
      let hasDigit = value.contains { (0x30...0x39).contains($0) }
      let hasLetter = value.contains { (0x41...0x5A).contains($0 & 0xDF) }
      guard hasDigit, hasLetter, !value.contains(UInt8(ascii: "(")),
        !value.contains(UInt8(ascii: "["))
      else { return nil }
    }
    return Match(range: start..<end, kind: .namedValue)
  }

  // MARK: Random words

  private static let randomCountMin = 32
  private static let randomCountMax = 200
  /// Bits a character; text in words and identifiers have less than 4.2 at this length.
  private static let entropyMin = 4.4
  /// Of neighbours: random characters change their kind at six of ten places, names at two.
  private static let changesMin = 0.4

  /// A word of base64 that looks random: never a hash in hexadecimal digits, a UUID, a path or a check sum of a
  /// package (`sha512-…`).
  func randomWord(at start: Int) -> Match? {
    var end = start
    while end < bytes.count, Self.isToken(bytes[end]), bytes[end] != UInt8(ascii: "."),
      bytes[end] != UInt8(ascii: "~"), bytes[end] != UInt8(ascii: "="),
      end - start <= Self.randomCountMax
    {
      end += 1
    }
    // What base64 is filled up with.
    while end < bytes.count, bytes[end] == UInt8(ascii: "="), end - start <= Self.randomCountMax {
      end += 1
    }
    let word = bytes[start..<end]
    guard (Self.randomCountMin...Self.randomCountMax).contains(word.count) else { return nil }
    if isCheckSum(at: start) { return nil }
    var counts = [Int](repeating: 0, count: 256)
    var kinds: Set<Int> = []
    var changes = 0
    var last = -1
    var slashes = 0
    var isHexadecimal = true
    for byte in word {
      counts[Int(byte)] += 1
      let kind: Int
      switch byte {
      case 0x30...0x39: kind = 0
      case 0x41...0x5A: kind = 1
      case 0x61...0x7A: kind = 2
      default: kind = 3
      }
      if kind < 3 { kinds.insert(kind) }
      if byte == UInt8(ascii: "/") { slashes += 1 }
      if kind == 3 ? byte != UInt8(ascii: "-") : kind != 0 && (byte | 0x20) > 0x66 {
        isHexadecimal = false
      }
      if last >= 0, kind != last { changes += 1 }
      last = kind
    }
    guard !isHexadecimal, kinds.count == 3, slashes <= word.count / 16,
      Double(changes) >= Self.changesMin * Double(word.count - 1),
      Self.entropy(counts, of: word.count) >= Self.entropyMin
    else { return nil }
    return Match(range: start..<end, kind: .highEntropy)
  }

  /// Whether a word is part of a check sum that names its hash, such as `sha512-…`: base64 has `/` and `+`, behind
  /// which a word seems to begin.
  private func isCheckSum(at position: Int) -> Bool {
    var start = position
    while start > 0, position - start < Self.randomCountMax,
      Self.isToken(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ":")
    {
      start -= 1
    }
    return starts("sha", at: start, ignoringCase: true)
  }

  /// Bits a character of the counts of `total` of them.
  private static func entropy(_ counts: [Int], of total: Int) -> Double {
    counts.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / Double(total)
      return sum - share * log2(share)
    }
  }
}
