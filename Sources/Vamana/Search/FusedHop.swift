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
  /// - Parameter other: the next candidate of another walk that goes on soon, whose record is asked for
  ///   meanwhile. Nil if no other walk is under way; then, or if it is `.none`, the record is that of this walk's next.
  /// - Returns: false, and does nothing, if all candidates within the radius have been expanded.
  @inline(__always)
  func run(_ walk: inout FusedWalk, before other: NeighborKey? = nil) -> Bool {
    let limit = walk.limit
    guard let current = walk.pool.popNearest(within: limit) else { return false }
    let record = nodes + Int(current) &* node.stride
    let next = if let other, other != .none { other } else { walk.pool.next }
    var ahead = record
    if next != .none {
      ahead = nodes + Int(next.node) &* node.stride
      node.prefetchAroundCodes(of: ahead)
    }
    var distance: Float = 0
    kernels.codeDistances(
      walk.queryCodes, scale: walk.query.scale, sum: walk.query.sum,
      (record + node.rowOffset).assumingMemoryBound(to: UInt8.self), stride: 0, ids: nil,
      count: 1, dimension: dimension, into: &distance)
    let found = kernels.scoreEdges(
      walk.query.edge, base: distance,
      codes: (record + node.codesOffset).assumingMemoryBound(to: UInt8.self),
      a: (record + node.factorAOffset).assumingMemoryBound(to: UInt16.self),
      b: (record + node.factorBOffset).assumingMemoryBound(to: UInt16.self),
      blockCount: node.blockCount, below: min(limit, walk.pool.threshold),
      ahead: (ahead + node.codesOffset).assumingMemoryBound(to: UInt8.self),
      places: walk.places, distances: walk.distances)
    let neighbors = record.assumingMemoryBound(to: UInt32.self)
    if other == nil { prefetchNearest(of: found, neighbors, before: next, walk: walk) }
    walk.reached.insert(NeighborKey(distance: distance, node: current))
    for index in 0..<found {
      let neighbor = UInt32(littleEndian: neighbors[Int(walk.places[index])])
      guard neighbor < nodeCount, walk.visited.insert(neighbor) else { continue }
      walk.pool.insert(NeighborKey(distance: walk.distances[index], node: neighbor))
    }
    walk.current = current
    walk.hopCount &+= 1
    return true
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

  /// The nearest of the neighbours found is likely to be next: its record is asked for before the pool is
  /// sorted.
  @inline(__always)
  private func prefetchNearest(
    of found: Int, _ neighbors: UnsafePointer<UInt32>, before next: NeighborKey, walk: FusedWalk
  ) {
    guard found > 0 else { return }
    let distances = walk.distances
    var nearest = 0
    for index in 0..<found where distances[index] < distances[nearest] { nearest = index }
    let neighbor = UInt32(littleEndian: neighbors[Int(walk.places[nearest])])
    if neighbor < nodeCount, NeighborKey(distance: distances[nearest], node: neighbor) < next,
      !walk.visited.contains(neighbor)
    {
      prefetch(neighbor)
    }
  }

  /// Asks for the record of a node.
  @inline(__always)
  func prefetch(_ id: UInt32) {
    DistanceKernels.prefetchLines(nodes + Int(id) &* node.stride, byteCount: node.byteCount)
  }
}
