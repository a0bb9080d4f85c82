internal import VectorMath

/// One step of a walk over fused records: the codes of a node's neighbours stand beside their ids, so a hop
/// reads one record.
struct FusedHop {
  // SAFETY: nodes read from the image are compared with `nodeCount` before they become addresses.
  private let nodes: UnsafeRawPointer
  private let node: NodeLayout
  private let nodeCount: UInt32
  private let dimension: Int
  private let kernels: DistanceKernels

  init(_ segment: Segment) {
    nodes = UnsafeRawPointer(segment.pointer(to: .nodes, as: UInt8.self))
    node = segment.layout.node
    nodeCount = UInt32(segment.count)
    dimension = segment.dimension
    kernels = segment.kernels
  }

  /// Expands the nearest candidate.
  ///
  /// Apart from the end of a loop nothing branches on what a record says. The record is on its way for most of a
  /// hop, and what was begun after a branch that turns out otherwise would be lost.
  ///
  /// - Parameter other: the next candidate of another walk that goes on soon, whose record is asked for
  ///   meanwhile. Nil if no other walk is under way; then, or if it is `.none`, the record is that of this walk's next.
  /// - Returns: false, and does nothing, if all candidates within the radius have been expanded.
  @inline(__always)
  func run(_ walk: inout FusedWalk, before other: NeighborKey? = nil) -> Bool {
    let limit = walk.limit
    guard let current = walk.pool.popNearest(within: limit) else { return false }
    let record = nodes + Int(current) &* node.stride
    var distance: Float = 0
    kernels.codeDistances(
      walk.queryCodes, scale: walk.query.scale, sum: walk.query.sum,
      (record + node.rowOffset).assumingMemoryBound(to: UInt8.self), stride: 0, ids: nil,
      count: 1, dimension: dimension, into: &distance)
    let next = expectedNext(walk, limit: limit, distance: distance, other: other)
    let ahead = next == .none ? record : nodes + Int(next.node) &* node.stride
    node.prefetchAroundCodes(of: ahead)
    let found = kernels.scoreEdges(
      walk.query.edge, base: distance,
      codes: (record + node.codesOffset).assumingMemoryBound(to: UInt8.self),
      a: (record + node.factorAOffset).assumingMemoryBound(to: UInt16.self),
      b: (record + node.factorBOffset).assumingMemoryBound(to: UInt16.self),
      blockCount: node.blockCount, below: min(limit, walk.pool.threshold),
      ahead: (ahead + node.codesOffset).assumingMemoryBound(to: UInt8.self),
      places: walk.places, distances: walk.distances)
    let neighbors = record.assumingMemoryBound(to: UInt32.self)
    var fresh = 0
    for index in 0..<found {
      let neighbor = UInt32(littleEndian: neighbors[Int(walk.places[index])])
      guard neighbor < nodeCount else { continue }
      // Written over by the one after if it is not new.
      walk.added[fresh] = NeighborKey(distance: walk.distances[index], node: neighbor)
      fresh &+= walk.visited.insert(neighbor) ? 1 : 0
    }
    walk.pool.insert(walk.added, count: fresh, kernels: kernels)
    if other == nil {
      let nearest = walk.pool.next
      if nearest != next, nearest != .none { prefetch(nearest.node) }
    }
    walk.reached.insert(NeighborKey(distance: distance, node: current))
    walk.current = current
    walk.hopCount &+= 1
    return true
  }

  /// What is likely to be expanded after the current node, whose distance is given; `.none` if that is likely to be
  /// one of its neighbours, or if no candidate is left within the limit.
  ///
  /// A node nearer than all before leads to one that is nearer still five times of six: the record of the next
  /// candidate would be read for nothing.
  @inline(__always)
  private func expectedNext(
    _ walk: FusedWalk, limit: Float, distance: Float, other: NeighborKey?
  ) -> NeighborKey {
    if let other, other != .none { return other }
    let next = walk.pool.next
    let isNearest = walk.reached.count == 0 || distance < walk.reached[0].distance
    return isNearest || (next != .none && next.distance > limit) ? .none : next
  }

  /// Adds a candidate that no record leads to.
  func add(_ id: UInt32, to walk: inout FusedWalk) {
    guard walk.visited.insert(id) else { return }
    let row = nodes + Int(id) &* node.stride + node.rowOffset
    var distance: Float = 0
    kernels.codeDistances(
      walk.queryCodes, scale: walk.query.scale, sum: walk.query.sum,
      row.assumingMemoryBound(to: UInt8.self), stride: 0, ids: nil, count: 1,
      dimension: dimension, into: &distance)
    walk.pool.insert(NeighborKey(distance: distance, node: id))
  }

  /// Asks for the record of a node.
  @inline(__always)
  func prefetch(_ id: UInt32) {
    DistanceKernels.prefetchLines(nodes + Int(id) &* node.stride, byteCount: node.byteCount)
  }
}
