#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension SecretScanner {
  // MARK: Random words

  private static let randomCountMin = 32
  private static let randomCountMax = 200
  /// Bits a character; text in words and identifiers have less than 4.2 at this length.
  private static let entropyMin = 4.4
  /// Of neighbours: random characters change their kind at six of ten places, names at two.
  private static let changesMin = 0.4

  /// A word of base64 that looks random: never a hash in hexadecimal digits, a UUID, a path, a part of one or a
  /// check sum of a package (`sha512-…`). Of a longer word the beginning tells what all of it is.
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
    guard word.count >= Self.randomCountMin else { return nil }
    // A long word has many places at which one seems to begin: it is looked at from its own beginning only.
    if word.count > Self.randomCountMax, start >= 2, Self.isToken(bytes[start - 1]),
      bytes[start - 1] != UInt8(ascii: "="), Self.isToken(bytes[start - 2]),
      bytes[start - 2] != UInt8(ascii: "=")
    {
      return nil
    }
    var counts = [Int](repeating: 0, count: 256)
    var hasKinds = [false, false, false, false]
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
      hasKinds[kind] = true
      if byte == UInt8(ascii: "/") { slashes += 1 }
      if kind == 3 ? byte != UInt8(ascii: "-") : kind != 0 && (byte | 0x20) > 0x66 {
        isHexadecimal = false
      }
      if last >= 0, kind != last { changes += 1 }
      last = kind
    }
    guard !isHexadecimal, hasKinds[0], hasKinds[1], hasKinds[2], slashes <= word.count / 16,
      Double(changes) >= Self.changesMin * Double(word.count - 1),
      Self.entropy(counts, of: word.count) >= Self.entropyMin,
      !isCheckSum(at: start), !isInPath(start)
    else { return nil }
    // What is taken is not looked at again, so that the time stays linear.
    if word.count > Self.randomCountMax {
      while end < bytes.count, Self.isToken(bytes[end]), bytes[end] != UInt8(ascii: "."),
        bytes[end] != UInt8(ascii: "~")
      {
        end += 1
      }
    }
    return Match(range: start..<end, kind: .highEntropy)
  }

  /// Whether a word lies in a path of files: `/home/…`, `~/…`, `./…`, whose first folder has a name of letters. An
  /// address of the web is none: what stands in it may let in whoever has it.
  private func isInPath(_ position: Int) -> Bool {
    var start = position
    while start > 0, position - start < Self.randomCountMax,
      Self.isToken(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".")
    {
      // `NAME=/home/…`.
      if bytes[start - 1] == UInt8(ascii: "=") { break }
      start -= 1
    }
    while start < position, bytes[start] == UInt8(ascii: ".") || bytes[start] == UInt8(ascii: "~") {
      start += 1
    }
    guard start < position, bytes[start] == UInt8(ascii: "/") else { return false }
    var end = start + 1
    while end < bytes.count, end - start < 32,
      (0x61...0x7A).contains(bytes[end] | 0x20)
        || end > start + 1 && bytes[end] == UInt8(ascii: ".")
    {
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "/") else { return false }
    return end - start > 2
  }

  /// Whether a word is part of a check sum that names its hash, such as `sha512-…` and Go's `h1:…`: base64 has `/`
  /// and `+`, behind which a word seems to begin. Names that compilers have mangled look random too.
  private func isCheckSum(at position: Int) -> Bool {
    var start = position
    while start > 0, position - start < Self.randomCountMax,
      Self.isToken(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ":")
    {
      start -= 1
    }
    func isDigit(_ index: Int) -> Bool {
      index < bytes.count && (0x30...0x39).contains(bytes[index])
    }
    if starts("sha", at: start, ignoringCase: true), isDigit(start + 3) { return true }
    if starts("h1:", at: start) { return true }
    if starts("_ZN", at: position), isDigit(position + 3) { return true }
    return starts("$s", at: position - 1) && isDigit(position + 1)
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
