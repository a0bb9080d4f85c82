internal import Synchronization

/// What a client has not been told of yet. An event that is waiting already is not added again, so that a client that
/// reads slowly loses nothing, and costs no more than what it asked for.
final class EventBacklog: Sendable {
  /// One for any number of events that wait; ends when the backlog is finished.
  let signals: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let wants: @Sendable (MemoryEvent) -> Bool
  private let waiting = Mutex<(events: [MemoryEvent], known: Set<MemoryEvent>)>(([], []))

  init(wants: @escaping @Sendable (MemoryEvent) -> Bool) {
    self.wants = wants
    (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func add(_ event: MemoryEvent) {
    guard wants(event) else { return }
    waiting.withLock { waiting in
      if waiting.known.insert(event).inserted { waiting.events.append(event) }
    }
    continuation.yield()
  }

  /// The events that wait, first come first.
  func take() -> [MemoryEvent] {
    waiting.withLock { waiting in
      defer { waiting = ([], []) }
      return waiting.events
    }
  }

  func finish() { continuation.finish() }
}
