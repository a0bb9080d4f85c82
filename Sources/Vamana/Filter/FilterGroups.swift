internal import VectorMath

/// The centres that a segment's rows are grouped around, so that a filtered search looks at the groups near
/// the query only, as in an inverted file. Immutable.
final class FilterGroups: @unchecked Sendable {
  // SAFETY: `rows` has `count` rows of byte codes; written by ``FilterGrouping`` before anyone else has it.
  /// Encodes the differences between rows and their centres.
  let quantizer: EdgeQuantizer
  /// The axis of the segment that stands in each place of a code: those along which rows differ most from
  /// their centre come first.
  let axes: [Int]
  let count: Int
  let rowStride: Int
  let rows: UnsafeMutablePointer<UInt8>

  init(quantizer: EdgeQuantizer, axes: [Int], count: Int, dimension: Int) {
    self.quantizer = quantizer
    self.axes = axes
    self.count = count
    rowStride = ByteQuantizer.rowStride(dimension: dimension)
    let byteCount = max(64, count * rowStride)
    rows = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      .bindMemory(to: UInt8.self, capacity: byteCount)
    rows.initialize(repeating: 0, count: byteCount)
  }

  deinit { rows.deallocate() }
}
