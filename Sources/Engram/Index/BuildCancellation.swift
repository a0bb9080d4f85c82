internal import Synchronization

/// That a build is to end, for its thread to look at.
final class BuildCancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}
