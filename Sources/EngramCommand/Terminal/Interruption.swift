internal import ArgumentParser
internal import Foundation
internal import Synchronization
internal import UnixSignals

/// Work that SIGINT and SIGTERM end in order: it is cancelled, undoes what it has begun, and then the process ends with
/// the status of one that a signal has ended. A second signal ends it at once.
enum Interruption {
  /// - Parameter note: what is said then.
  /// - Throws: `ExitCode` after a signal.
  static func cancels<Value: Sendable>(
    note: String, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let caught = CaughtSignal()
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let work = Task { try await body() }
    let watch = Task {
      for await found in signals {
        caught.set(found.rawValue)
        signal(found.rawValue, SIG_DFL)
        work.cancel()
        return
      }
    }
    defer { watch.cancel() }
    do {
      return try await work.value
    } catch {
      guard let number = caught.number else { throw error }
      Terminal.writeLine("engram: " + note)
      throw ExitCode(128 + number)
    }
  }
}

/// The signal that came, if one did.
private final class CaughtSignal: Sendable {
  private let found = Mutex<Int32?>(nil)

  var number: Int32? { found.withLock { $0 } }

  func set(_ number: Int32) { found.withLock { $0 = number } }
}
