internal import Episodes
internal import Synchronization

/// Tells a client how far its call is, if it asked to be told. What is told rises strictly.
final class ProgressReporter: Sendable {
  private let token: JSONValue?
  private let notify: @Sendable (JSONValue) async -> Void
  private let last = Mutex(0.0)

  /// - Parameter token: by which the client knows the call; nil if it does not want to be told.
  init(token: JSONValue?, notify: @escaping @Sendable (JSONValue) async -> Void) {
    self.token = token
    self.notify = notify
  }

  /// Tells that a next stage has begun.
  func report(_ message: String) async {
    await send(message, total: nil) { $0 + 1 }
  }

  /// Tells that `done` of `total` things are done.
  func report(_ message: String, done: Int, total: Int) async {
    // The stages before and after count as one thing each.
    await send(message, total: Double(total + Self.stagesMax)) {
      max($0 + 0.001, Double(done + Self.stagesMax - 1))
    }
  }

  private static let stagesMax = 4

  private func send(
    _ message: String, total: Double?, _ next: (Double) -> Double
  ) async {
    guard let token, !Task.isCancelled else { return }
    let progress = last.withLock { last in
      last = next(last)
      return last
    }
    var params: [String: JSONValue] = [
      "progressToken": token, "progress": .number(progress), "message": .string(message),
    ]
    if let total { params["total"] = .number(total) }
    await notify(RPCMessage.notification("notifications/progress", params))
  }
}
