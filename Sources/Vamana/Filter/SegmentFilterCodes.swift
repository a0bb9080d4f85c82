internal import Synchronization

/// The codes of all rows of a segment, made when filters first need them and kept with the segment.
final class SegmentFilterCodes: Sendable {
  private let kept = Mutex<GroupedCodes?>(nil)

  /// The codes, if they have been made.
  var codes: GroupedCodes? { kept.withLock { $0 } }

  /// Makes the codes unless there are any. Others who want them wait.
  func make(for segment: Segment) -> GroupedCodes {
    kept.withLock { kept in
      if let kept { return kept }
      let codes = FilterGrouping(of: segment).codes()
      kept = codes
      return codes
    }
  }
}
