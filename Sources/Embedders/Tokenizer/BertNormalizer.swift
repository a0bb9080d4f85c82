/// BERT's uncased normalizer, one code point at a time: control characters and accents go, letters
/// become small, ideographs stand alone.
///
/// Decomposing each code point by itself is enough: putting accents into canonical order could only
/// move code points that no vocabulary of this family holds, and a word with one is unknown
/// whatever their order.
enum BertNormalizer {
  /// What becomes of a code point.
  enum Outcome: Equatable {
    case removed
    case space
    /// A word of its own.
    case ideograph(UInt32)
    /// Up to three code points; 0 where there are fewer.
    case text(UInt32, UInt32, UInt32)
  }

  static func outcome(of scalar: UInt32) -> Outcome {
    if scalar < 0x80 { return asciiOutcome(of: scalar) }
    if BertUnicodeTables.removed.rangesContain(scalar) { return .removed }
    if BertUnicodeTables.spaces.rangesContain(scalar) { return .space }
    if BertUnicodeTables.ideographs.rangesContain(scalar) {
      return .ideograph(unifiedIdeograph(of: scalar))
    }
    if (0xAC00...0xD7A3).contains(scalar) { return decomposedHangul(scalar) }
    if let target = singleFold(of: scalar) { return .text(target, 0, 0) }
    return expansion(of: scalar) ?? .text(scalar, 0, 0)
  }

  /// Whether a code point is a word of its own.
  static func isPunctuation(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    case 0..<0x80: false
    default: BertUnicodeTables.punctuation.rangesContain(scalar)
    }
  }

  private static func asciiOutcome(of scalar: UInt32) -> Outcome {
    switch scalar {
    case 0x09, 0x0A, 0x0D, 0x20: .space
    case 0..<0x20, 0x7F: .removed
    case 0x41...0x5A: .text(scalar + 32, 0, 0)
    default: .text(scalar, 0, 0)
    }
  }

  private static func unifiedIdeograph(of scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xF900...0xFAFF: BertUnicodeTables.compatibilityIdeographs[Int(scalar - 0xF900)]
    case 0x2F800...0x2FA1F: BertUnicodeTables.compatibilitySupplement[Int(scalar - 0x2F800)]
    default: scalar
    }
  }

  /// The standard's arithmetic (chapter 3.12): a syllable is a lead, a vowel and perhaps a tail.
  private static func decomposedHangul(_ scalar: UInt32) -> Outcome {
    let index = scalar - 0xAC00
    let tail = index % 28
    return .text(
      0x1100 + index / 588, 0x1161 + index % 588 / 28, tail == 0 ? 0 : 0x11A7 + tail)
  }

  private static func singleFold(of scalar: UInt32) -> UInt32? {
    let runs = BertUnicodeTables.foldRuns
    guard let run = runs.lastIndex(startingAtMost: scalar, width: 3) else { return nil }
    let (count, stride, step) = (runs[run + 1] & 0xFF, runs[run + 1] >> 8 & 15, runs[run + 1] >> 12)
    let (index, rest) = (scalar - runs[run]).quotientAndRemainder(dividingBy: stride)
    return rest == 0 && index < count ? runs[run + 2] + index * step : nil
  }

  private static func expansion(of scalar: UInt32) -> Outcome? {
    let entries = BertUnicodeTables.expansions
    guard let entry = entries.lastIndex(startingAtMost: scalar, width: 4), entries[entry] == scalar
    else { return nil }
    return .text(entries[entry + 1], entries[entry + 2], entries[entry + 3])
  }
}

extension [UInt32] {
  /// Whether one of the sorted ranges, kept as first and last in turn, holds a value.
  fileprivate func rangesContain(_ value: UInt32) -> Bool {
    guard let range = lastIndex(startingAtMost: value, width: 2) else { return false }
    return value <= self[range + 1]
  }

  /// The last of the entries of `width` elements, sorted by their first, that starts at or before
  /// `value`.
  fileprivate func lastIndex(startingAtMost value: UInt32, width: Int) -> Int? {
    var low = 0
    var high = count / width
    while low < high {
      let middle = (low + high) / 2
      if self[middle * width] <= value { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : (low - 1) * width
  }
}
