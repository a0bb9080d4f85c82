/// Where a cache's records come from, as the cache keeps it beside its watermark.
///
/// A text of words: the store's name alone; or that and `at`, the number, kind, operation and id of a change
/// at or shortly before the watermark; or that and `filling`, the change to go on from when the filling is done, the
/// part that is being carried, and the last of it that is in the cache.
struct CacheOrigin: Equatable {
  var storeID: String
  var position: Position?

  enum Position: Equatable {
    case at(ChangeMark)
    case filling(FillState)
  }

  init(storeID: String, position: Position? = nil) {
    self.storeID = storeID
    self.position = position
  }

  init(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    storeID = words.first.map(String.init) ?? ""
    guard words.count == 3 else { return }
    switch words[1] {
    case "at": position = ChangeMark(words[2]).map(Position.at)
    case "filling": position = FillState(words[2]).map(Position.filling)
    default: break
    }
  }

  var mark: ChangeMark? { if case .at(let mark)? = position { mark } else { nil } }

  var text: String {
    switch position {
    case nil: storeID
    case .at(let mark): "\(storeID) at \(mark.text)"
    case .filling(let state): "\(storeID) filling \(state.text)"
    }
  }
}
