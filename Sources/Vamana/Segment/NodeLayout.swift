internal import VectorMath

/// Where the parts of a node's record stand: all that one hop of a search reads, in one block.
///
/// ```
/// neighbours  slots × u32, 0xffffffff in an empty slot
/// a           slots × f16, infinite in an empty slot   (fused only)
/// b           slots × f16                              (fused only)
/// codes       blocks of the neighbours' edge codes     (fused only)
/// row         the node's own byte code: {f32, f32, dimension × u8}
/// low         what the byte code leaves over: dimension × s8   (placed for disk only)
/// seal        {recordID u64, node u32, CRC-32C u32}, on a multiple of 8   (placed for disk only)
/// ```
///
/// A record starts on a cache line when it is fused; a compact one follows the one before. One that is
/// placed for disk takes a power of two of bytes, or whole pages: it crosses no page that it could avoid.
struct NodeLayout: Hashable, Sendable {
  /// Places for neighbours: the maximum degree, in whole blocks when fused.
  let slotCount: Int
  /// Blocks of edge codes; 0 when compact.
  let blockCount: Int
  let factorAOffset: Int
  let factorBOffset: Int
  let codesOffset: Int
  let rowOffset: Int
  /// Bytes that a walk in memory reads.
  let byteCount: Int
  /// The end of the row, where a record placed for disk goes on.
  var lowOffset: Int { byteCount }
  let sealOffset: Int
  /// Bytes that a read from disk brings.
  let readByteCount: Int
  /// Bytes from one record to the next.
  let stride: Int

  /// What a disk reads at once.
  static let pageBytes = 4096
  static let sealBytes = 16

  init(
    dimension: Int, maximumDegree: Int, shape: EdgeCodeShape, isFused: Bool,
    placement: NodePlacement
  ) {
    let lanes = EdgeCodeShape.laneCount
    blockCount = isFused ? (maximumDegree + lanes - 1) / lanes : 0
    slotCount = isFused ? blockCount * lanes : maximumDegree
    factorAOffset = slotCount * 4
    factorBOffset = factorAOffset + blockCount * lanes * 2
    codesOffset = factorBOffset + blockCount * lanes * 2
    rowOffset = codesOffset + blockCount * shape.blockByteCount
    byteCount = rowOffset + ByteQuantizer.rowHeaderBytes + dimension
    sealOffset = (byteCount + dimension + 7) / 8 * 8
    readByteCount = sealOffset + Self.sealBytes
    switch placement {
    case .memory:
      let alignment = isFused ? 64 : 4
      stride = (byteCount + alignment - 1) / alignment * alignment
    case .disk:
      var bytes = 64
      while bytes < min(readByteCount, Self.pageBytes) { bytes *= 2 }
      stride = (readByteCount + bytes - 1) / bytes * bytes
    }
  }

  /// Asks for what stands before and after the codes of a record, which are asked for while others are scored.
  @inline(__always)
  func prefetchAroundCodes(of record: UnsafeRawPointer) {
    DistanceKernels.prefetchLines(record, byteCount: codesOffset)
    DistanceKernels.prefetchLines(record + rowOffset, byteCount: byteCount &- rowOffset)
  }
}
