internal import Synchronization

/// The codes of all rows of a segment, made when filters first need them and kept with the segment.
final class SegmentFilterCodes: Sendable {
  private let kept = Mutex<GroupedCodes?>(nil)
  /// Held while they are made, by one thread at a time; searches do not wait for it.
  private let making = Mutex<Void>(())
  /// Whether a thread in the background prepares a filter for the segment.
  private let isPreparing = Atomic<Bool>(false)

  /// The codes, if they have been made.
  var codes: GroupedCodes? { kept.withLock { $0 } }

  /// Whether ``prepareInBackground(_:)`` would run nothing now.
  var isBusy: Bool { isPreparing.load(ordering: .relaxed) }

  /// Makes the codes unless there are any; nil if the segment was let go of meanwhile.
  func make(with grouping: FilterGrouping) -> GroupedCodes? {
    if let codes { return codes }
    return making.withLock { _ in
      if let codes { return codes }
      guard let made = grouping.codes() else { return nil }
      kept.withLock { $0 = made }
      return made
    }
  }

  /// Runs `body` in the background, unless another is running there.
  func prepareInBackground(_ body: @escaping @Sendable () -> Void) {
    guard !isPreparing.exchange(true, ordering: .acquiring) else { return }
    MaintenanceThread.start {
      body()
      self.isPreparing.store(false, ordering: .releasing)
    }
  }
}
