import Foundation
import Synchronization
import Testing
import VectorMath

@testable import Vamana

@Suite("What filters share and keep")
struct FilterSharingTests {
  @Test("One filter serves many segments and threads, and outlives segments")
  func sharing() async throws {
    let base = TestVectors(count: 1600, dimension: 12, seed: 79)
    let filter = RecordFilter(stride(from: UInt64(0), to: 1600, by: 2))
    for _ in 0..<3 {
      let segment = try Segment(base.build(metric: .cosine))
      let expected = try segment.search(base.row(1), filter: RecordFilter(filter.records))
      #expect(expected.count == 10)
      await withTaskGroup(of: Bool.self) { group in
        for task in 0..<8 {
          group.addTask {
            // Half of them prepare while the others search.
            if task % 2 == 1 { return filter.prepare(for: segment) == 800 }
            return (0..<50).allSatisfy { _ in
              let hits = try? segment.search(base.row(1), filter: filter)
              return hits?.count == 10 && hits?.first == expected.first
            }
          }
        }
        for await isRight in group { #expect(isRight) }
      }
      // What one thread made is not lost to another that began without.
      #expect(filter.matches(in: segment).prepared != nil)
    }
  }

  @Test("Of two that find out what a filter comes to, the later uses what the earlier kept")
  func keptOnce() throws {
    let segment = try Segment(
      TestVectors(count: 400, dimension: 8, seed: 87).build(metric: .cosine))
    let records = try RecordBitmap(0..<300)
    let first = FilterMatches(of: records, in: segment.recordIDList)
    let second = FilterMatches(of: records, in: segment.recordIDList)
    let cache = FilterCache()
    #expect(cache.keep(first, of: segment) === first)
    #expect(cache.keep(second, of: segment) === first)
    #expect(cache.matches(in: segment) === first)
  }

  @Test("Making codes keeps no segment, and ends when it is gone")
  func droppedSegment() throws {
    let image = try TestVectors(count: 400, dimension: 8, seed: 88).build(metric: .cosine)
    var segment: Segment? = try Segment(image)
    weak let dropped = segment
    let grouping = try FilterGrouping(of: #require(segment))
    #expect(grouping.codes()?.count == 400)
    segment = nil
    #expect(dropped == nil)
    #expect(grouping.codes() == nil)
  }

  @Test("One filter of a segment is prepared in the background at a time")
  func oneAtATime() {
    let codes = SegmentFilterCodes()
    let gate = DispatchSemaphore(value: 0)
    let done = DispatchSemaphore(value: 0)
    let refused = Atomic<Bool>(true)
    let deadline = DispatchTime.now() + 30
    #expect(!codes.isBusy)
    codes.prepareInBackground {
      _ = gate.wait(timeout: deadline)
      done.signal()
    }
    #expect(codes.isBusy)
    codes.prepareInBackground { refused.store(false, ordering: .relaxed) }
    gate.signal()
    #expect(done.wait(timeout: deadline) == .success)
    let isRefused = refused.load(ordering: .relaxed)
    #expect(isRefused)
    // The next may run as soon as the first is over.
    let next = DispatchSemaphore(value: 0)
    var tries = 0
    repeat {
      codes.prepareInBackground { next.signal() }
      tries += 1
    } while next.wait(timeout: .now() + 0.05) != .success && tries < 600
    #expect(tries < 600)
  }
}
