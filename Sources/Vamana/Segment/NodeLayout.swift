internal import VectorMath

/// Where the parts of a node's record stand: all that one hop of a search reads, in one block.
///
/// ```
/// neighbours  slots × u32, 0xffffffff in an empty slot
/// a           slots × f16, infinite in an empty slot   (fused only)
/// b           slots × f16                              (fused only)
/// codes       blocks of the neighbours' edge codes     (fused only)
/// row         the node's own byte code: {f32, f32, dimension × u8}
/// ```
///
/// A record starts on a cache line when it is fused; a compact one follows the one before.
struct NodeLayout: Hashable, Sendable {
  /// Places for neighbours: the maximum degree, in whole blocks when fused.
  let slotCount: Int
  /// Blocks of edge codes; 0 when compact.
  let blockCount: Int
  let factorAOffset: Int
  let factorBOffset: Int
  let codesOffset: Int
  let rowOffset: Int
  /// Bytes in use.
  let byteCount: Int
  /// Bytes from one record to the next.
  let stride: Int

  init(dimension: Int, maximumDegree: Int, shape: EdgeCodeShape, isFused: Bool) {
    let lanes = EdgeCodeShape.laneCount
    blockCount = isFused ? (maximumDegree + lanes - 1) / lanes : 0
    slotCount = isFused ? blockCount * lanes : maximumDegree
    factorAOffset = slotCount * 4
    factorBOffset = factorAOffset + blockCount * lanes * 2
    codesOffset = factorBOffset + blockCount * lanes * 2
    rowOffset = codesOffset + blockCount * shape.blockByteCount
    byteCount = rowOffset + ByteQuantizer.rowHeaderBytes + dimension
    let alignment = isFused ? 64 : 4
    stride = (byteCount + alignment - 1) / alignment * alignment
  }
}
