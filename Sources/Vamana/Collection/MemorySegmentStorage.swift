internal import Synchronization

/// Keeps segments in memory: for an index that need not outlive its process, and for tests.
public final class MemorySegmentStorage: SegmentStorage {
  private struct State {
    var segments: [SegmentHandle: Segment] = [:]
    var storedCount = 0
    var manifest: SegmentManifest?
  }

  private let state = Mutex(State())

  public init() {}

  /// The segments kept now.
  public var handles: Set<SegmentHandle> { state.withLock { Set($0.segments.keys) } }

  /// The manifest saved last.
  public var manifest: SegmentManifest? { state.withLock(\.manifest) }

  public func store(_ image: SegmentImage) throws -> StoredSegment {
    let segment = try Segment(image)
    return state.withLock { state in
      state.storedCount += 1
      let handle = SegmentHandle(rawValue: "segment-\(state.storedCount)")
      state.segments[handle] = segment
      return StoredSegment(handle: handle, segment: segment)
    }
  }

  public func open(_ handle: SegmentHandle) throws -> Segment {
    guard let segment = state.withLock({ $0.segments[handle] }) else {
      throw VectorIndexError.invalidManifest(
        problem: "no segment is stored as '\(handle.rawValue)'")
    }
    return segment
  }

  public func save(_ manifest: SegmentManifest) throws {
    state.withLock { $0.manifest = manifest }
  }

  public func remove(_ handle: SegmentHandle) {
    _ = state.withLock { $0.segments.removeValue(forKey: handle) }
  }
}
