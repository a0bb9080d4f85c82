/// Where a cache's records come from, as the cache keeps it beside its watermark.
///
/// A text of words: the store's name and the filling (`name+filling`); or those and `at`, the number, kind,
/// operation and id of a change at or shortly before the watermark; or those and `filling`, the change to go on
/// from when the filling is done, the part that is being carried, and the last of it that is in the cache.
struct CacheOrigin: Equatable {
  var storeID: String
  /// Nil in a cache that an earlier release filled.
  var filling: Filling?
  var position: Position?

  enum Position: Equatable {
    case at(ChangeMark)
    case filling(FillState)
  }

  /// One filling of a cache from its beginning, and all that was carried after it. What was read of one
  /// says nothing about the next: the store may be another by then, with other records under the same ids.
  struct Filling: Equatable {
    /// Random.
    var number: UInt32
    /// Episodes that had been evicted or expired when it began.
    var droppedBefore: Int

    init(droppedBefore: Int) {
      number = .random(in: 0...UInt32.max)
      self.droppedBefore = droppedBefore
    }

    init?(_ text: Substring) {
      let parts = text.split(separator: ".")
      guard parts.count == 2, let number = UInt32(parts[0], radix: 16), let dropped = Int(parts[1])
      else { return nil }
      self.number = number
      droppedBefore = dropped
    }

    var text: String { "\(String(number, radix: 16)).\(droppedBefore)" }
  }

  init(storeID: String, filling: Filling?, position: Position? = nil) {
    self.storeID = storeID
    self.filling = filling
    self.position = position
  }

  init(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    let names = words.first?.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    storeID = names?.first.map(String.init) ?? ""
    if let names, names.count == 2 { filling = Filling(names[1]) }
    guard words.count == 3 else { return }
    switch words[1] {
    case "at": position = ChangeMark(words[2]).map(Position.at)
    case "filling": position = FillState(words[2]).map(Position.filling)
    default: break
    }
  }

  var mark: ChangeMark? { if case .at(let mark)? = position { mark } else { nil } }

  /// The store and the filling: what is the same as long as what was read of the cache holds.
  var name: String { filling.map { "\(storeID)+\($0.text)" } ?? storeID }

  var text: String {
    switch position {
    case nil: name
    case .at(let mark): "\(name) at \(mark.text)"
    case .filling(let state): "\(name) filling \(state.text)"
    }
  }
}
