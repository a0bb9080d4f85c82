internal import Foundation

/// How much of what a client has sent may wait for its answer: messages, and bytes of them.
///
/// Thread-safe. Who takes room waits for it with its thread.
final class MessageRoom: @unchecked Sendable {
  private let messagesMax: Int
  private let bytesMax: Int
  // SAFETY: what follows is read and written with the condition locked.
  private let condition = NSCondition()
  private var messages = 0
  private var bytes = 0
  private var isClosed = false

  /// - Parameters:
  ///   - messagesMax: as many messages, at least 1.
  ///   - bytesMax: a message is taken while fewer bytes wait, so that one of any length is taken in the end.
  init(messagesMax: Int, bytesMax: Int) {
    self.messagesMax = max(1, messagesMax)
    self.bytesMax = max(1, bytesMax)
  }

  /// Takes room for a message; waits until there is some.
  ///
  /// - Returns: false when no more messages are taken.
  func take(_ count: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while !isClosed, messages >= messagesMax || bytes >= bytesMax { condition.wait() }
    guard !isClosed else { return false }
    messages += 1
    bytes += count
    return true
  }

  /// Gives back what was taken for a message, once its answer has been written.
  func give(_ count: Int) {
    condition.lock()
    defer { condition.unlock() }
    messages -= 1
    bytes -= count
    condition.signal()
  }

  /// Lets go of who waits: no more messages are taken.
  func close() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
  }
}
