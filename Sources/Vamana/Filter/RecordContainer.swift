/// The low halves of the ids of one ``RecordBitmap`` container: up to 65,536 numbers in the smallest of
/// three forms.
///
/// Every set has one form only (ties go to the first of the cases below), so equal sets are equal values.
/// Source of the three forms: Lemire, Kai and Kaser, "Consistently faster and smaller compressed bitmaps
/// with Roaring", Software: Practice and Experience 46, 2016.
enum RecordContainer: Hashable, Sendable {
  /// Ascending: 2 bytes a number.
  case array([UInt16])
  /// Ascending, not touching: 4 bytes a run.
  case runs([Run])
  /// A bit a number: 8 KB.
  case bitmap([UInt64], count: Int)

  /// Numbers that follow each other, both ends included.
  struct Run: Hashable, Sendable {
    var first: UInt16
    var last: UInt16
  }

  static let wordCount = 1024
  /// Above it a bitmap is smaller than an array.
  static let arrayCountMax = 4096
  private static let runCountMax = 2048

  /// - Parameter values: ascending, without repeats.
  init(ascending values: [UInt16]) {
    var runCount = 0
    var next = -1
    for value in values {
      if Int(value) != next { runCount += 1 }
      next = Int(value) + 1
    }
    guard values.count <= Self.arrayCountMax || runCount <= Self.runCountMax else {
      var words = [UInt64](repeating: 0, count: Self.wordCount)
      for value in values { words[Int(value >> 6)] |= 1 << UInt64(value & 63) }
      self = .bitmap(words, count: values.count)
      return
    }
    guard 2 * runCount < values.count else {
      self = .array(values)
      return
    }
    var runs: [Run] = []
    runs.reserveCapacity(runCount)
    for value in values {
      if let last = runs.last, Int(last.last) + 1 == Int(value) {
        runs[runs.count - 1].last = value
      } else {
        runs.append(Run(first: value, last: value))
      }
    }
    self = .runs(runs)
  }

  /// The numbers that the low halves of `ids` are.
  ///
  /// - Parameter ids: ascending, with equal upper halves; repeats are dropped.
  init(lowHalvesOf ids: UnsafeBufferPointer<UInt64>) {
    guard ids.count > Self.arrayCountMax else {
      var values: [UInt16] = []
      values.reserveCapacity(ids.count)
      for (index, id) in ids.enumerated() where index == 0 || ids[index - 1] != id {
        values.append(UInt16(truncatingIfNeeded: id))
      }
      self.init(ascending: values)
      return
    }
    var words = [UInt64](repeating: 0, count: Self.wordCount)
    words.withUnsafeMutableBufferPointer { words in
      for id in ids { words[Int(id >> 6 & 1023)] |= 1 << (id & 63) }
    }
    self.init(words: words)
  }

  /// - Parameter words: ``wordCount`` words, a bit a number.
  init(words: [UInt64]) {
    var count = 0
    var runCount = 0
    var carry: UInt64 = 0
    for word in words {
      count += word.nonzeroBitCount
      runCount += (word & ~(word << 1 | carry)).nonzeroBitCount
      carry = word >> 63
    }
    if count > Self.arrayCountMax, runCount > Self.runCountMax {
      self = .bitmap(words, count: count)
    } else if 2 * runCount >= count {
      var values: [UInt16] = []
      values.reserveCapacity(count)
      Self.forEachBit(of: words) { values.append($0) }
      self = .array(values)
    } else {
      self = .runs(Self.runs(of: words, count: runCount))
    }
  }

  private static func runs(of words: [UInt64], count: Int) -> [Run] {
    var runs: [Run] = []
    runs.reserveCapacity(count)
    var place = 0
    while true {
      guard let first = nextBit(of: words, from: place, isSet: true) else { return runs }
      let end = nextBit(of: words, from: first, isSet: false) ?? 1 << 16
      runs.append(Run(first: UInt16(first), last: UInt16(end - 1)))
      place = end
    }
  }

  /// The first place from `start` on whose bit is as asked for.
  private static func nextBit(of words: [UInt64], from start: Int, isSet: Bool) -> Int? {
    guard start < 1 << 16 else { return nil }
    var index = start >> 6
    let flip: UInt64 = isSet ? 0 : .max
    var word = (words[index] ^ flip) & (.max << UInt64(start & 63))
    while word == 0 {
      index += 1
      guard index < wordCount else { return nil }
      word = words[index] ^ flip
    }
    return index << 6 + word.trailingZeroBitCount
  }

  var count: Int {
    switch self {
    case .array(let values): values.count
    case .runs(let runs): runs.reduce(0) { $0 + Int($1.last) - Int($1.first) + 1 }
    case .bitmap(_, let count): count
    }
  }

  var isEmpty: Bool {
    if case .array(let values) = self { return values.isEmpty }
    return false
  }

  func contains(_ value: UInt16) -> Bool {
    switch self {
    case .array(let values):
      let place = Self.lowerBound(values.count) { values[$0] < value }
      return place < values.count && values[place] == value
    case .runs(let runs):
      let place = Self.lowerBound(runs.count) { runs[$0].last < value }
      return place < runs.count && runs[place].first <= value
    case .bitmap(let words, _):
      return words[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1
    }
  }

  /// How many numbers are below `value`.
  func rank(of value: UInt16) -> Int {
    switch self {
    case .array(let values):
      return Self.lowerBound(values.count) { values[$0] < value }
    case .runs(let runs):
      var rank = 0
      for run in runs where run.first < value {
        rank += Int(min(run.last, value - 1)) - Int(run.first) + 1
      }
      return rank
    case .bitmap(let words, _):
      let word = Int(value >> 6)
      var rank = (words[word] & (1 << UInt64(value & 63) - 1)).nonzeroBitCount
      for index in 0..<word { rank += words[index].nonzeroBitCount }
      return rank
    }
  }

  /// The first place in `0..<count` that `isBefore` does not hold for.
  @inline(__always)
  private static func lowerBound(_ count: Int, isBefore: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Calls `body` with every number, ascending.
  @inline(__always)
  func visit(_ body: (UInt16) -> Void) {
    switch self {
    case .array(let values):
      for value in values { body(value) }
    case .runs(let runs):
      for run in runs { for value in run.first...run.last { body(value) } }
    case .bitmap(let words, _):
      Self.forEachBit(of: words, body)
    }
  }

  @inline(__always)
  private static func forEachBit(of words: [UInt64], _ body: (UInt16) -> Void) {
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        body(UInt16(index << 6 + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
  }

  /// ``wordCount`` words, a bit a number.
  var words: [UInt64] {
    if case .bitmap(let words, _) = self { return words }
    var words = [UInt64](repeating: 0, count: Self.wordCount)
    if case .runs(let runs) = self {
      for run in runs { Self.fill(&words, run) }
    } else {
      visit { words[Int($0 >> 6)] |= 1 << UInt64($0 & 63) }
    }
    return words
  }

  private static func fill(_ words: inout [UInt64], _ run: Run) {
    let first = Int(run.first >> 6)
    let last = Int(run.last >> 6)
    let head = UInt64.max << UInt64(run.first & 63)
    let tail = UInt64.max >> UInt64(63 - run.last & 63)
    if first == last {
      words[first] |= head & tail
      return
    }
    words[first] |= head
    for index in first + 1..<last { words[index] = .max }
    words[last] |= tail
  }
}
