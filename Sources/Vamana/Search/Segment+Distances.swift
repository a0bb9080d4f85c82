internal import VectorMath

extension Segment {
  /// The distances of given records from a query, as a search gives them; nil for those that the segment does
  /// not hold.
  ///
  /// - Parameters:
  ///   - query: `dimension` finite floats; of any length for cosine.
  ///   - scratch: the memory to work in.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` or ``VamanaError/notFinite(row:)``.
  /// - Complexity: O(records · dimension).
  public func distances(
    of recordIDs: [UInt64], from query: UnsafeBufferPointer<Float>, scratch: SearchScratch
  ) throws(VamanaError) -> [Float?] {
    let constant = try prepareExact(query, scratch: scratch)
    scratch.prepareBatch(count: recordIDs.count)
    var places: [Int] = []
    places.reserveCapacity(recordIDs.count)
    for (place, recordID) in recordIDs.enumerated() {
      guard let node = recordIDList.node(of: recordID) else { continue }
      // SAFETY: there is room for as many nodes as there are records, and each is below `count`.
      scratch.batch.base[places.count] = UInt32(node)
      places.append(place)
    }
    scoreExactly(count: places.count, scratch: scratch)
    var distances = [Float?](repeating: nil, count: recordIDs.count)
    for (index, place) in places.enumerated() {
      distances[place] = metric.distance(
        ofProduct: scratch.distances.base[index], constant: constant)
    }
    return distances
  }
}
