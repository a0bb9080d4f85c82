import Cache
import DurableStore
import Foundation
import Sync
import Synchronization
import Testing

@Suite("Syncs that wait for a lock")
struct BlockingTests {
  private final class Ticks: Sendable {
    private let value = Atomic<Int>(0)
    func add() { value.add(1, ordering: .relaxed) }
    var count: Int { value.load(ordering: .relaxed) }
  }

  @Test("While other processes hold the cache's lock, tasks that have nothing to do with it go on")
  func tasksGoOn() async throws {
    try await Rig.with { rig in
      let segment = try await Samples.publish(to: rig.store, byteCount: 5000, seed: 1)
      try await rig.synchronizer().run()
      let description = try #require(try rig.segments.segments().first).description
      try rig.segments.delete(ids: [segment.id])
      let ticks = Ticks()
      let moved = Ticks()
      let isHeld = DispatchSemaphore(value: 0)
      let segments = rig.segments
      // Holds the lock for a while, as a process that carries a large segment does.
      Thread.detachNewThread {
        try? segments.write(id: 77, description: description) { _ in
          isHeld.signal()
          // By now all of them wait.
          Thread.sleep(forTimeInterval: 0.5)
          let start = ticks.count
          let end = Date().addingTimeInterval(120)
          while ticks.count < start + 5, Date() < end { Thread.sleep(forTimeInterval: 0.01) }
          for _ in start..<ticks.count { moved.add() }
        }
      }
      isHeld.wait()
      let count = 2 * ProcessInfo.processInfo.activeProcessorCount
      let synchronizers = (0..<count).map { _ in rig.synchronizer() }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for synchronizer in synchronizers {
          group.addTask { try await synchronizer.run() }
        }
        let ticker = Task {
          while !Task.isCancelled {
            ticks.add()
            try await Task.sleep(for: .milliseconds(5))
          }
        }
        try await group.waitForAll()
        ticker.cancel()
      }
      #expect(moved.count >= 5, "\(moved.count) steps of another task while the lock was held")
      #expect(try rig.segments.segments().contains { $0.id == segment.id })
    }
  }
}
