internal import Synchronization

/// Something that must be done once when a stream ends: when it has been written, or when it goes without having been,
/// because its client had gone before.
final class Closing: Sendable {
  private let action: Mutex<(@Sendable () -> Void)?>

  init(_ action: @escaping @Sendable () -> Void) { self.action = Mutex(action) }

  func callAsFunction() {
    let action = action.withLock { action in
      defer { action = nil }
      return action
    }
    action?()
  }

  deinit { self() }
}
