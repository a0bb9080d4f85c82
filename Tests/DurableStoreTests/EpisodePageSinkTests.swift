import Testing

@testable import DurableStore

@Suite("Episodes whose steps come after all of them")
struct EpisodePageSinkTests {
  /// Writes down what it is told.
  private struct Notes: EpisodeRowSink {
    private var notes: [String] = []
    private let countMax: Int

    init(countMax: Int = .max) { self.countMax = countMax }

    mutating func begin(_ episode: RowColumns) throws(RowColumns.Unsuited) {
      notes.append("begin \(try episode.integer(EpisodeColumn.rowID))")
    }

    mutating func add(step: RowColumns) throws(RowColumns.Unsuited) {
      notes.append("step \(try step.integer(StepColumn.number))")
    }

    mutating func end(id: String, isSuited: Bool) -> Bool {
      notes.append("end \(id)\(isSuited ? "" : " unsuited")")
      return notes.filter { $0.hasPrefix("end") }.count < countMax
    }

    consuming func finish() -> [String] { notes }
  }

  private typealias Page = EpisodePageSink<Notes>

  /// A row of an episode; only what is looked at has a value.
  private func add(
    _ rowID: Int64, hasCheckpoints: Bool = false, text: String = "", to page: inout Page
  ) throws -> Bool {
    var cells = [RowCell](repeating: .null, count: EpisodeColumn.count + 1)
    cells[EpisodeColumn.rowID] = .integer(rowID)
    cells[EpisodeColumn.startTime] = .integer(rowID * 10)
    cells[EpisodeColumn.count] = .integer(hasCheckpoints ? 1 : 0)
    let bytes = Array("e\(rowID)".utf8)
    let description = Array(text.utf8)
    return try bytes.withUnsafeBytes { bytes in
      try description.withUnsafeBytes { description in
        cells[EpisodeColumn.id] = .text(bytes)
        cells[EpisodeColumn.taskDescription] = .text(description)
        return try cells.withUnsafeBufferPointer { try page.add(RowColumns($0), of: 0) }
      }
    }
  }

  private func add(step number: Int64, of episode: Int64, to page: inout Page) throws -> Bool {
    var cells = [RowCell](repeating: .null, count: StepColumn.count + 1)
    cells[StepColumn.number] = .integer(number)
    cells[StepColumn.count] = .integer(episode)
    return try cells.withUnsafeBufferPointer { try page.add(RowColumns($0), of: 1) }
  }

  @Test("Each is handed on with its steps, also one that has none, and one with checkpoints is not")
  func order() throws {
    var page = Page(Notes(), keptBytesMax: 1 << 20)
    for rowID in [5, 3, 9, 4] as [Int64] {
      #expect(try add(rowID, hasCheckpoints: rowID == 9, to: &page))
    }
    for (number, episode) in [(1, 3), (2, 3), (1, 9)] as [(Int64, Int64)] {
      #expect(try add(step: number, of: episode, to: &page))
    }
    let product = page.finish()
    #expect(
      product.product == [
        "begin 5", "end e5", "begin 3", "step 1", "step 2", "end e3", "begin 9", "end e9 unsuited",
        "begin 4", "end e4",
      ])
    #expect(product.next == EpisodeCursor(startNanoseconds: 40, rowID: 4))
    #expect(product.withinBound == nil)
    #expect(Page(Notes(), keptBytesMax: 1).finish().next == nil)
  }

  @Test("Steps of no episode of the page, or in another order, are not taken")
  func disorder() throws {
    var page = Page(Notes(), keptBytesMax: 1 << 20)
    for rowID in [1, 2, 3] as [Int64] { _ = try add(rowID, to: &page) }
    #expect(try add(step: 1, of: 2, to: &page))
    for (number, episode) in [(1, 2), (0, 2), (1, 1), (1, 7)] as [(Int64, Int64)] {
      var page = page
      #expect(throws: RowColumns.Unsuited.self) { try add(step: number, of: episode, to: &page) }
    }
  }

  @Test("The rows of the episodes have a bound; how many are within it is told")
  func bound() throws {
    var page = Page(Notes(), keptBytesMax: 10_000)
    let text = String(repeating: "x", count: 5000)
    var count = 0
    while try add(Int64(count), text: text, to: &page) { count += 1 }
    #expect(count == 2)
    #expect(page.finish().withinBound == 2)
    // One that is beyond it alone is taken all the same.
    page = Page(Notes(), keptBytesMax: 100)
    #expect(try add(1, text: text, to: &page))
    #expect(page.finish().product == ["begin 1", "end e1"])
  }

  @Test("No more are taken than the sink takes, and the next page begins after the last of them")
  func full() throws {
    var page = Page(Notes(countMax: 1), keptBytesMax: 1 << 20)
    for rowID in [1, 2, 3] as [Int64] { _ = try add(rowID, to: &page) }
    #expect(try add(step: 1, of: 1, to: &page))
    #expect(try !add(step: 1, of: 2, to: &page))
    let product = page.finish()
    #expect(product.product == ["begin 1", "step 1", "end e1"])
    #expect(product.next == EpisodeCursor(startNanoseconds: 10, rowID: 1))
  }
}
