internal import Episodes
internal import Synchronization

/// Messages on their way to a client that reads them as it likes: who sends waits when too many have not been read.
final class MessageChannel: Sendable {
  enum Message: Sendable {
    case notification(JSONValue)
    /// The last; nil where none is due.
    case answer(JSONValue?)
    /// A sign of life.
    case ping
  }

  private struct State {
    var queue: [Message] = []
    var isClosed = false
    var receiver: CheckedContinuation<Message?, Never>?
    var senders: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  private static let queuedMax = 16

  /// Hands a message over; after ``close()`` drops it.
  func send(_ message: Message) async {
    await withCheckedContinuation { continuation in
      let (receiver, goesOn) = state.withLock {
        state -> (CheckedContinuation<Message?, Never>?, Bool) in
        if state.isClosed { return (nil, true) }
        if let receiver = state.receiver {
          state.receiver = nil
          return (receiver, true)
        }
        state.queue.append(message)
        if state.queue.count <= Self.queuedMax { return (nil, true) }
        state.senders.append(continuation)
        return (nil, false)
      }
      receiver?.resume(returning: message)
      if goesOn { continuation.resume() }
    }
  }

  /// The next message; nil after ``close()``, or when the caller is cancelled. For one reader.
  func next() async -> Message? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (message, goesOn, sender) = state.withLock {
          state -> (Message?, Bool, CheckedContinuation<Void, Never>?) in
          if !state.queue.isEmpty {
            let sender = state.senders.isEmpty ? nil : state.senders.removeFirst()
            return (state.queue.removeFirst(), true, sender)
          }
          if state.isClosed || Task.isCancelled { return (nil, true, nil) }
          state.receiver = continuation
          return (nil, false, nil)
        }
        sender?.resume()
        if goesOn { continuation.resume(returning: message) }
      }
    } onCancel: {
      close()
    }
  }

  /// Ends the channel: what has been queued is still read.
  func close() {
    let (receiver, senders) = state.withLock { state in
      state.isClosed = true
      defer {
        state.receiver = nil
        state.senders = []
      }
      return (state.receiver, state.senders)
    }
    receiver?.resume(returning: nil)
    for sender in senders { sender.resume() }
  }
}
