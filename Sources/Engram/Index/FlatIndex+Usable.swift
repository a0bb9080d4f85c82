internal import Vamana
internal import VectorMath

extension FlatIndex {
  /// Appends a stored vector if it can be compared with others.
  ///
  /// One that cannot, because it was damaged or written by another program, is left out: it must not stop the searches
  /// for all others. ``Memory/checkStore()`` names it.
  mutating func appendUsable(
    _ vector: UnsafeBufferPointer<Float>, recordID: UInt64
  ) throws(VamanaError) {
    guard VectorValues.areUsable(vector) else { return }
    try append(vector, recordID: recordID)
  }
}
