internal import Episodes

/// The episodes of a memory by number, the order of those in each session, and whose each embedding is.
struct EpisodeDirectory: Sendable {
  /// By number. Those of removed episodes stay until the index is compacted.
  private(set) var columns = DirectoryColumns()
  private(set) var symbols = SymbolTable()
  private var numbers: [String: Int] = [:]
  private var embeddingNumbers = EmbeddingNumbers()
  /// The numbers of the episodes in each session, in the order of their start.
  private var sessions: [SessionKey: [UInt32]] = [:]
  private(set) var nextSequence: UInt64 = 0

  /// A session of a namespace: another namespace may have one of the same name.
  struct SessionKey: Hashable, Sendable {
    var namespace: SymbolTable.Symbol
    var session: SymbolTable.Symbol
  }

  init() {}

  /// - Parameters:
  ///   - entries: of episodes with different ids.
  ///   - symbols: all that the entries have.
  init(_ entries: some Sequence<DirectoryEntry>, symbols: SymbolTable) {
    self.symbols = symbols
    for entry in entries {
      let number = columns.count
      columns.append(entry)
      numbers[entry.id] = number
      for id in entry.embeddings { embeddingNumbers.set(number, for: id) }
      if let key = session(of: number) { sessions[key, default: []].append(UInt32(number)) }
      nextSequence = max(nextSequence, entry.sequence + 1)
    }
    for (session, turns) in sessions {
      let turns = turns.sorted(by: precedes)
      sessions[session] = turns
      for (turn, next) in zip(turns, turns.dropFirst()) { link(Int(turn), Int(next)) }
    }
  }

  /// The episodes with these numbers under new ones, in their order, with the symbols that they have and no others.
  func compacted(to oldNumbers: [Int]) -> EpisodeDirectory {
    var fresh = SymbolTable()
    var renamed = [SymbolTable.Symbol](repeating: SymbolTable.none, count: symbols.names.count + 1)
    func rename(_ symbol: inout SymbolTable.Symbol) {
      if symbol == SymbolTable.none { return }
      if renamed[Int(symbol)] == SymbolTable.none {
        renamed[Int(symbol)] = fresh.add(symbols.name(of: symbol))
      }
      symbol = renamed[Int(symbol)]
    }
    let entries = oldNumbers.map { number in
      var entry = columns[number]
      entry.changeSymbols(rename)
      return entry
    }
    return EpisodeDirectory(entries, symbols: fresh)
  }

  func number(of id: String) -> Int? { numbers[id] }

  func id(of number: Int) -> String { columns.ids[number] }

  /// The number of the episode that an embedding is of; nil where it is of none in the directory.
  func number(ofEmbedding id: UInt64) -> Int? { embeddingNumbers[id] }

  /// Nil where the episode is in none.
  func session(of number: Int) -> SessionKey? {
    let session = columns.sessions[number]
    if session == SymbolTable.none { return nil }
    return SessionKey(namespace: columns.namespaces[number], session: session)
  }

  /// Adds an episode, under the next number.
  mutating func add(_ episode: Episode, sequence: UInt64, embeddings: [UInt64]) {
    let number = columns.count
    columns.append(
      DirectoryEntry(episode, sequence: sequence, embeddings: embeddings, symbols: &symbols))
    numbers[episode.id] = number
    for id in embeddings { embeddingNumbers.set(number, for: id) }
    nextSequence = max(nextSequence, sequence + 1)
    guard let key = session(of: number) else { return }
    // Nearly always the last.
    var place = sessions[key]?.count ?? 0
    while place > 0, precedes(UInt32(number), sessions[key]![place - 1]) { place -= 1 }
    sessions[key, default: []].insert(UInt32(number), at: place)
    let turns = sessions[key]!
    if place > 0 { link(Int(turns[place - 1]), number) }
    if place + 1 < turns.count { link(number, Int(turns[place + 1])) }
  }

  private mutating func link(_ number: Int, _ next: Int) {
    columns.next[number] = UInt32(next)
    columns.previous[next] = UInt32(number)
  }

  /// Says which embeddings an episode has now; nothing where it is not in the directory.
  mutating func setEmbeddings(_ ids: [UInt64], of episode: String) {
    guard let number = numbers[episode] else { return }
    for id in columns.embeddings[number] { embeddingNumbers.remove(id) }
    for id in ids { embeddingNumbers.set(number, for: id) }
    columns.embeddings[number] = ids
  }

  /// Takes out an embedding that is no more.
  mutating func removeEmbedding(_ id: UInt64) {
    guard let number = embeddingNumbers[id] else { return }
    embeddingNumbers.remove(id)
    columns.embeddings[number].removeAll { $0 == id }
  }

  /// Takes an episode out; its number stays without one.
  ///
  /// - Returns: the number it had, and its place among those of the same start.
  mutating func remove(_ id: String) -> (number: Int, sequence: UInt64)? {
    guard let number = numbers.removeValue(forKey: id) else { return nil }
    for id in columns.embeddings[number] { embeddingNumbers.remove(id) }
    columns.arePresent[number] = false
    if let key = session(of: number) {
      sessions[key]?.removeAll { $0 == UInt32(number) }
      if sessions[key]?.isEmpty == true { sessions[key] = nil }
      let (before, after) = neighbors(of: number)
      if let before { columns.next[before] = columns.next[number] }
      if let after { columns.previous[after] = columns.previous[number] }
    }
    return (number, columns.sequences[number])
  }

  /// The episodes right before and after one in its session.
  func neighbors(of number: Int) -> (before: Int?, after: Int?) {
    let (before, after) = (columns.previous[number], columns.next[number])
    return (
      before == DirectoryColumns.none ? nil : Int(before),
      after == DirectoryColumns.none ? nil : Int(after)
    )
  }

  private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
    let (left, right) = (Int(left), Int(right))
    let (earlier, later) = (columns.starts[left], columns.starts[right])
    return earlier != later
      ? earlier < later : columns.sequences[left] < columns.sequences[right]
  }
}
