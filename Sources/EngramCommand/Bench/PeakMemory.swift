internal import Dispatch
internal import Synchronization

/// Watches the memory of this process that belongs to no file, and keeps the most.
final class PeakMemory: Sendable {
  private let peak = Mutex(ProcessMemory.residentParts.anonymous)
  private let isStopped = Atomic<Bool>(false)

  init() { look() }

  private func look() {
    let bytes = ProcessMemory.residentParts.anonymous
    peak.withLock { $0 = max($0, bytes) }
    guard !isStopped.load(ordering: .relaxed) else { return }
    DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + .milliseconds(20)) {
      [weak self] in
      self?.look()
    }
  }

  /// The most so far, in bytes; 0 where `/proc` does not tell.
  func stop() -> Int {
    isStopped.store(true, ordering: .relaxed)
    return peak.withLock { max($0, ProcessMemory.residentParts.anonymous) }
  }
}
