internal import Dispatch
internal import Episodes
internal import Platform
internal import Synchronization

/// Writes messages to a descriptor, each on a line of its own, one after the other.
final class MessageWriter: Sendable {
  private struct State {
    /// Bytes that the client has not taken yet.
    var queuedBytes = 0
    var hasEnded = false
    var nextTicket: UInt64 = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  private let descriptor: Int32
  private let bytesMax: Int
  private let queue = DispatchQueue(label: "engram.mcp.writer")
  private let state = Mutex(State())
  /// Called once, when nobody reads any more.
  private let onFailure: @Sendable () -> Void

  /// - Parameter bytesMax: while this many bytes wait for the client, ``waitForRoom()`` waits.
  init(_ descriptor: Int32, bytesMax: Int, onFailure: @escaping @Sendable () -> Void) {
    self.descriptor = descriptor
    self.bytesMax = max(1, bytesMax)
    self.onFailure = onFailure
  }

  /// Writes a message, and returns when it has been taken, or given up.
  func write(_ message: JSONValue) async {
    // Escapes hold every line feed that is in a text.
    let line = Array((JSONWriter.text(of: message) + "\n").utf8)
    state.withLock { $0.queuedBytes += line.count }
    await withCheckedContinuation { continuation in
      queue.async {
        self.writeThrough(line)
        self.wrote(line.count)
        continuation.resume()
      }
    }
  }

  /// Returns when the client has read enough of what it was sent, the writer has ended, or the caller is
  /// cancelled.
  func waitForRoom() async {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.hasEnded || state.queuedBytes < bytesMax || Task.isCancelled { return true }
          state.waiting[ticket] = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
    }
  }

  /// Gives up what has not been written.
  func end() { resume(state.withLock { state in Self.ended(&state) }) }

  private static func ended(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
    state.hasEnded = true
    defer { state.waiting = [:] }
    return Array(state.waiting.values)
  }

  private func wrote(_ count: Int) {
    resume(
      state.withLock { state in
        state.queuedBytes -= count
        guard state.queuedBytes < bytesMax else { return [] }
        defer { state.waiting = [:] }
        return Array(state.waiting.values)
      })
  }

  private func resume(_ waiting: [CheckedContinuation<Void, Never>]) {
    for continuation in waiting { continuation.resume() }
  }

  private func writeThrough(_ line: [UInt8]) {
    let written = line.withUnsafeBytes { bytes in
      Result { () throws(FileFailure) in
        try Descriptor.write(bytes, to: descriptor, path: "standard output") {
          !state.withLock(\.hasEnded)
        }
      }
    }
    if case .failure = written {
      let isFirst = state.withLock { !$0.hasEnded }
      end()
      if isFirst { onFailure() }
    }
  }
}
