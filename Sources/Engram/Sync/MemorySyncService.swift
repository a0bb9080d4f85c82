internal import Logging
internal import Platform
public import ServiceLifecycle
public import Sync

/// Syncs a memory in the background at an interval, and sooner after a failure.
///
/// A service of swift-service-lifecycle: it runs in a `ServiceGroup`, and ends when the group shuts down
/// gracefully or its task is cancelled; a sync under way is finished first.
///
/// ```swift
/// let group = ServiceGroup(
///   services: [MemorySyncService(memory: memory)], gracefulShutdownSignals: [.sigterm], logger: logger)
/// try await group.run()
/// ```
public struct MemorySyncService: Service {
  private let memory: Memory
  private let intervalSeconds: Double
  private let observer: @Sendable (Result<SyncReport, EngramError>) -> Void

  /// - Parameters:
  ///   - intervalSeconds: between two syncs; at least 0.01.
  ///   - observer: gets what each sync did, or why it failed.
  public init(
    memory: Memory, intervalSeconds: Double = 60,
    observer: @escaping @Sendable (Result<SyncReport, EngramError>) -> Void = { _ in }
  ) {
    self.memory = memory
    self.intervalSeconds = max(0.01, intervalSeconds)
    self.observer = observer
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let hadFailed = memory.syncHealth.failuresInARow > 0
        // A task of its own, so that the end of the service does not cut the sync off.
        let result = await Task {
          do throws(EngramError) {
            return Result<SyncReport, EngramError>.success(
              try await memory.sync(hadFailed ? .recovery : .periodic))
          } catch {
            return .failure(error)
          }
        }.value
        observer(result)
        // A process that only syncs has no search that would see that the tail has grown.
        if case .success = result { memory.sealSoon() }
        let seconds = memory.secondsToSyncRetry.map { min($0, intervalSeconds) } ?? intervalSeconds
        do {
          try await Task.sleep(for: .seconds(bounding: max(0.01, seconds)))
        } catch {
          break
        }
      }
    }
  }
}

extension Memory {
  var secondsToSyncRetry: Double? { coordinator.secondsToRetry }
}
