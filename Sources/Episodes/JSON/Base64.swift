/// Base64 of bytes in memory (RFC 4648), written without padding and read with or without it. Foundation's goes
/// through `Data` and strings, which takes several times as long.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The six bits of each character; 255 for what is none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (index, character) in alphabet.enumerated() { values[Int(character)] = UInt8(index) }
    return values
  }()

  /// - Parameter output: room for four characters for every three bytes, and two or three for what is left.
  static func encode(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
    alphabet.withUnsafeBufferPointer { alphabet in
      var (from, to) = (0, 0)
      while from + 3 <= bytes.count {
        let bits =
          UInt32(bytes[from]) << 16 | UInt32(bytes[from + 1]) << 8 | UInt32(bytes[from + 2])
        output[to] = alphabet[Int(bits >> 18)]
        output[to + 1] = alphabet[Int(bits >> 12 & 63)]
        output[to + 2] = alphabet[Int(bits >> 6 & 63)]
        output[to + 3] = alphabet[Int(bits & 63)]
        from += 3
        to += 4
      }
      switch bytes.count - from {
      case 1:
        let bits = UInt32(bytes[from]) << 4
        output[to] = alphabet[Int(bits >> 6)]
        output[to + 1] = alphabet[Int(bits & 63)]
      case 2:
        let bits = UInt32(bytes[from]) << 10 | UInt32(bytes[from + 1]) << 2
        output[to] = alphabet[Int(bits >> 12)]
        output[to + 1] = alphabet[Int(bits >> 6 & 63)]
        output[to + 2] = alphabet[Int(bits & 63)]
      default: break
      }
    }
  }

  /// Appends what characters stand for.
  ///
  /// - Returns: false where they are no base64; then nothing is appended.
  package static func decode(_ text: UnsafeRawBufferPointer, into bytes: inout [UInt8]) -> Bool {
    var count = text.count
    if count % 4 == 0 {
      for _ in 0..<2 where count > 0 && text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    }
    let rest = count % 4
    guard rest != 1 else { return false }
    let start = bytes.count
    let wholeGroups = count / 4
    let byteCount = wholeGroups * 3 + (rest == 0 ? 0 : rest - 1)
    bytes.append(contentsOf: repeatElement(0, count: byteCount))
    let isRight = values.withUnsafeBufferPointer { values in
      bytes.withUnsafeMutableBytes { all in
        let output = UnsafeMutableRawBufferPointer(rebasing: all[start...])
        var seen: UInt8 = 0
        func six(_ index: Int) -> UInt32 {
          let value = values[Int(text[index])]
          seen |= value
          return UInt32(value)
        }
        for group in 0..<wholeGroups {
          let from = group * 4
          let bits = six(from) << 18 | six(from + 1) << 12 | six(from + 2) << 6 | six(from + 3)
          output[group * 3] = UInt8(truncatingIfNeeded: bits >> 16)
          output[group * 3 + 1] = UInt8(truncatingIfNeeded: bits >> 8)
          output[group * 3 + 2] = UInt8(truncatingIfNeeded: bits)
        }
        let from = wholeGroups * 4
        if rest >= 2 {
          let bits = six(from) << 6 | six(from + 1)
          output[wholeGroups * 3] = UInt8(truncatingIfNeeded: bits >> 4)
          if rest == 3 {
            let more = bits << 6 | six(from + 2)
            output[wholeGroups * 3 + 1] = UInt8(truncatingIfNeeded: more >> 2)
          }
        }
        // Those of characters have two bits free.
        return seen < 64
      }
    }
    if !isRight { bytes.removeLast(byteCount) }
    return isRight
  }
}
