/// The episodes of a memory by number, and the order of those in each session.
struct EpisodeDirectory: Sendable {
  /// By number. Those of removed episodes stay until the index is compacted.
  private(set) var entries: [DirectoryEntry] = []
  private var numbers: [String: Int] = [:]
  /// The numbers of the episodes in each session, in the order of their start.
  private var sessions: [UInt64: [UInt32]] = [:]
  private(set) var nextSequence: UInt64 = 0

  init() {}

  /// - Parameter entries: of episodes with different ids.
  init(_ entries: [DirectoryEntry]) {
    self.entries = entries
    numbers.reserveCapacity(entries.count)
    for (number, entry) in entries.enumerated() {
      numbers[entry.id] = number
      if entry.session != 0 { sessions[entry.session, default: []].append(UInt32(number)) }
      nextSequence = max(nextSequence, entry.sequence + 1)
    }
    for (session, turns) in sessions { sessions[session] = turns.sorted(by: precedes) }
  }

  func number(of id: String) -> Int? { numbers[id] }

  /// Adds an episode, under the next number.
  mutating func add(_ entry: DirectoryEntry) {
    let number = UInt32(entries.count)
    entries.append(entry)
    numbers[entry.id] = Int(number)
    nextSequence = max(nextSequence, entry.sequence + 1)
    guard entry.session != 0 else { return }
    // Nearly always the last.
    var place = sessions[entry.session]?.count ?? 0
    while place > 0, precedes(number, sessions[entry.session]![place - 1]) { place -= 1 }
    sessions[entry.session, default: []].insert(number, at: place)
  }

  /// Takes an episode out; its number stays without one.
  ///
  /// - Returns: the number it had, and its place among those of the same start.
  mutating func remove(_ id: String) -> (number: Int, sequence: UInt64)? {
    guard let number = numbers.removeValue(forKey: id) else { return nil }
    let entry = entries[number]
    if entry.session != 0 {
      sessions[entry.session]?.removeAll { $0 == UInt32(number) }
      if sessions[entry.session]?.isEmpty == true { sessions[entry.session] = nil }
    }
    return (number, entry.sequence)
  }

  /// The episodes right before and after one in its session.
  ///
  /// - Complexity: O(log n) in the length of the session.
  func neighbors(of number: Int) -> (before: Int?, after: Int?) {
    let session = entries[number].session
    guard session != 0, let turns = sessions[session], turns.count > 1 else { return (nil, nil) }
    var low = 0
    var high = turns.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(turns[middle], UInt32(number)) { low = middle + 1 } else { high = middle }
    }
    guard low < turns.count, turns[low] == UInt32(number) else { return (nil, nil) }
    return (
      low > 0 ? Int(turns[low - 1]) : nil, low + 1 < turns.count ? Int(turns[low + 1]) : nil
    )
  }

  private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
    // By field: copies of whole entries would count references up and down.
    let (left, right) = (Int(left), Int(right))
    let (earlier, later) = (entries[left].start, entries[right].start)
    return earlier != later
      ? earlier < later : entries[left].sequence < entries[right].sequence
  }
}
