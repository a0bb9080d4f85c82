/// Hands episodes on whose rows come first and their steps after them, as a server sends the answers of two queries.
///
/// The rows of the episodes are kept until the steps come, within a bound.
struct EpisodePageSink<Sink: EpisodeRowSink>: RowSink {
  struct Product: Sendable {
    var product: Sink.Product
    /// The last episode that was taken; nil when there was none.
    var next: EpisodeCursor?
    /// Of how many episodes the rows are within the bound; nil when all are. They have to be asked for again, without
    /// the rest.
    var withinBound: Int?
  }

  private let keptBytesMax: Int
  private var sink: Sink
  private var rows = KeptRows(width: EpisodeColumn.count + 1)
  private var places: [(id: String, cursor: EpisodeCursor)] = []
  private var withinBound: Int?
  private var next: EpisodeCursor?
  /// The episode whose steps come.
  private var current = -1
  private var isSuited = false
  private var latestNumber = Int64.min
  private var takesMore = true

  /// - Parameter keptBytesMax: memory for rows of episodes, about; one is always taken.
  init(_ sink: Sink, keptBytesMax: Int) {
    self.sink = sink
    self.keptBytesMax = keptBytesMax
  }

  mutating func add(_ row: RowColumns, of query: Int) throws(RowColumns.Unsuited) -> Bool {
    query == 0 ? try keep(row) : try add(step: row)
  }

  private mutating func keep(_ row: RowColumns) throws(RowColumns.Unsuited) -> Bool {
    guard rows.byteCount < keptBytesMax else {
      withinBound = rows.count
      return false
    }
    let cursor = EpisodeCursor(
      startNanoseconds: try row.integer(EpisodeColumn.startTime),
      rowID: try row.integer(EpisodeColumn.rowID))
    let id = String(decoding: try row.text(EpisodeColumn.id), as: UTF8.self)
    try rows.append(row)
    places.append((id, cursor))
    return true
  }

  private mutating func add(step row: RowColumns) throws(RowColumns.Unsuited) -> Bool {
    let episode = try row.integer(StepColumn.count)
    while current < 0 || places[current].cursor.rowID != episode {
      // Steps come in the order of the episodes, and those of no other ones.
      guard current + 1 < places.count else { throw RowColumns.Unsuited() }
      guard goOn() else { return false }
    }
    let number = try row.integer(StepColumn.number)
    guard number > latestNumber else { throw RowColumns.Unsuited() }
    latestNumber = number
    if isSuited {
      do throws(RowColumns.Unsuited) {
        try sink.add(step: row)
      } catch {
        isSuited = false
      }
    }
    return true
  }

  /// Ends the episode at hand, and begins the next one, if there is one.
  ///
  /// - Returns: whether the sink takes more.
  private mutating func goOn() -> Bool {
    if current >= 0 {
      next = places[current].cursor
      takesMore = sink.end(id: places[current].id, isSuited: isSuited)
    }
    current += 1
    guard takesMore, current < places.count else { return false }
    latestNumber = .min
    let rows = rows
    do throws(RowColumns.Unsuited) {
      isSuited = try rows.withRow(current) { (row) throws(RowColumns.Unsuited) in
        try sink.begin(row)
        return try row.integer(EpisodeColumn.count) == 0
      }
    } catch {
      isSuited = false
    }
    return true
  }

  consuming func finish() -> Product {
    // Those that have no steps come last without a sign.
    while withinBound == nil, takesMore, current < places.count { _ = goOn() }
    return Product(product: sink.finish(), next: next, withinBound: withinBound)
  }
}
