internal import Synchronization

/// The codes of all rows of a segment, made when filters first need them and kept with the segment.
final class SegmentFilterCodes: Sendable {
  private let kept = Mutex<GroupedCodes?>(nil)
  /// Held while they are made, by one thread at a time; searches do not wait for it.
  private let making = Mutex<Void>(())

  /// The codes, if they have been made.
  var codes: GroupedCodes? { kept.withLock { $0 } }

  /// Makes the codes unless there are any.
  func make(for segment: Segment) -> GroupedCodes {
    if let codes { return codes }
    return making.withLock { _ in
      if let codes { return codes }
      let made = FilterGrouping(of: segment).codes()
      kept.withLock { $0 = made }
      return made
    }
  }
}
