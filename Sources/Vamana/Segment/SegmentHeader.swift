internal import VectorMath

/// The first 512 bytes of a segment image. All numbers are little-endian.
///
/// ```
///   0  magic "VAMANASG"        8  version u32            12  header bytes u32
///  16  image bytes u64        24  count u64              32  dimension u32
///  36  metric u32             40  maximum degree u32     44  entry points u32
///  48  sections u32           52  model bytes u32        56  zero
///  64  model, UTF-8, 128 bytes
/// 192  section table: {kind u32, CRC-32C u32, offset u64, bytes u64} for each of eleven sections
/// 456  groups of 4, 2 and 1 bits of an edge's code, u32 each
/// 468  1 if node records carry edge codes (fused), u32
/// 472  unit of the edges' factor a, f32   476  root mean square length of the vectors, f32
/// 480  bytes of a page that no node record straddles, u32: 4096 in versions 3 and 5, 0 in 2 and 4
/// 484  groups of entry points, u32: 0 in versions 2 and 3
/// 508  CRC-32C of bytes 0..<508
/// ```
struct SegmentHeader: Hashable, Sendable {
  static let magic: UInt64 = 0x4753_414e_414d_4156  // "VAMANASG"
  /// The versions, by what they place node records for and whether entry points are grouped: all else is the same.
  private static let versions: [Int: (placement: NodePlacement, hasEntryGroups: Bool)] = [
    2: (.memory, false), 3: (.disk, false), 4: (.memory, true), 5: (.disk, true),
  ]
  static let byteCount = 512
  static let modelBytesMax = 128
  static let sectionTableOffset = 192
  static let sectionEntryBytes = 24
  static let parameterOffset = 456
  static let pageOffset = 480
  static let entryGroupOffset = 484
  static let checksumOffset = 508
  /// The most groups of one width: more axes than any dimension has.
  private static let groupsMax = 65_536 / 8

  var count: Int
  var dimension: Int
  var metric: Metric
  var maximumDegree: Int
  var entryPointCount: Int
  /// Groups of ``EntryGroups/size`` entry points; 0 where a search scores all of them.
  var entryGroupCount = 0
  /// Bits of the axes of an edge's code.
  var edgeShape: EdgeCodeShape
  /// Whether node records carry the codes of their edges.
  var isFused: Bool
  var placement = NodePlacement.memory
  var unitA: Float = 1
  /// The root mean square length of the vectors.
  var typicalLength: Float = 1
  var model: String

  /// Reads and checks a header.
  ///
  /// - Throws: ``VamanaError/invalidSegment(problem:)`` for anything that this version did not write.
  static func read(
    _ image: UnsafeRawBufferPointer
  ) throws(VamanaError) -> (header: SegmentHeader, imageByteCount: Int) {
    guard image.count >= byteCount else {
      throw .invalidSegment(problem: "\(image.count) bytes are fewer than a header has")
    }
    // SAFETY: offsets are those of the header, and the image is at least as long.
    func number(at offset: Int) -> Int {
      Int(UInt32(littleEndian: image.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    func wide(at offset: Int) -> UInt64 {
      UInt64(littleEndian: image.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    guard wide(at: 0) == magic else {
      throw .invalidSegment(problem: "it does not begin with the magic of a segment")
    }
    guard let (placement, hasEntryGroups) = versions[number(at: 8)] else {
      throw .invalidSegment(
        problem: "format version \(number(at: 8)); this program reads versions 2 to 5")
    }
    let stored = UInt32(number(at: checksumOffset))
    guard
      CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: image[0..<checksumOffset])) == stored
    else { throw .checksumMismatch(section: "header") }
    guard number(at: 12) == byteCount, number(at: 48) == SegmentSection.allCases.count,
      let metric = Metric(rawValue: UInt32(number(at: 36))), wide(at: 24) <= nodeCountMax,
      (1...65_536).contains(number(at: 32)), (1...256).contains(number(at: 40)),
      number(at: 44) <= wide(at: 24), (number(at: 44) > 0) == (wide(at: 24) > 0),
      number(at: 52) <= modelBytesMax,
      wide(at: 16) <= UInt64(Int64.max),
      (0..<3).allSatisfy({ number(at: parameterOffset + 4 * $0) <= groupsMax }),
      number(at: parameterOffset) % 2 == 0,
      (0..<3).contains(where: { number(at: parameterOffset + 4 * $0) > 0 }),
      number(at: parameterOffset + 12) <= 1,
      hasEntryGroups
        ? number(at: entryGroupOffset) > 0
          && number(at: entryGroupOffset) * EntryGroups.size == number(at: 44)
        : number(at: entryGroupOffset) == 0,
      placement == .memory
        ? number(at: pageOffset) == 0
        : (number(at: pageOffset) == NodeLayout.pageBytes && number(at: parameterOffset + 12) == 1)
    else { throw .invalidSegment(problem: "a field of the header is out of range") }
    func real(at offset: Int) -> Float { Float(bitPattern: UInt32(number(at: offset))) }
    for offset in [parameterOffset + 16, parameterOffset + 20] {
      guard real(at: offset) >= 0, real(at: offset).isFinite else {
        throw .invalidSegment(problem: "a field of the header is out of range")
      }
    }
    let header = SegmentHeader(
      count: Int(wide(at: 24)), dimension: number(at: 32), metric: metric,
      maximumDegree: number(at: 40), entryPointCount: number(at: 44),
      entryGroupCount: number(at: entryGroupOffset),
      edgeShape: EdgeCodeShape(
        groups4: number(at: parameterOffset), groups2: number(at: parameterOffset + 4),
        groups1: number(at: parameterOffset + 8)),
      isFused: number(at: parameterOffset + 12) == 1, placement: placement,
      unitA: real(at: parameterOffset + 16),
      typicalLength: real(at: parameterOffset + 20),
      model: String(decoding: image[64..<64 + number(at: 52)], as: UTF8.self))
    return (header, Int(wide(at: 16)))
  }

  private var version: Int {
    entryGroupCount == 0 ? (placement == .disk ? 3 : 2) : (placement == .disk ? 5 : 4)
  }

  /// Writes everything but the section table and the checksum.
  func write(to image: UnsafeMutableRawBufferPointer, imageByteCount: Int) {
    func store(_ value: Int, at offset: Int) {
      image.storeBytes(
        of: UInt32(value).littleEndian, toByteOffset: offset, as: UInt32.self)
    }
    func storeWide(_ value: UInt64, at offset: Int) {
      image.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
    storeWide(Self.magic, at: 0)
    store(version, at: 8)
    store(Self.byteCount, at: 12)
    storeWide(UInt64(imageByteCount), at: 16)
    storeWide(UInt64(count), at: 24)
    store(dimension, at: 32)
    store(Int(metric.rawValue), at: 36)
    store(maximumDegree, at: 40)
    store(entryPointCount, at: 44)
    store(entryGroupCount, at: Self.entryGroupOffset)
    store(SegmentSection.allCases.count, at: 48)
    store(model.utf8.count, at: 52)
    store(edgeShape.groups4, at: Self.parameterOffset)
    store(edgeShape.groups2, at: Self.parameterOffset + 4)
    store(edgeShape.groups1, at: Self.parameterOffset + 8)
    store(isFused ? 1 : 0, at: Self.parameterOffset + 12)
    store(placement == .disk ? NodeLayout.pageBytes : 0, at: Self.pageOffset)
    for (index, value) in [unitA, typicalLength].enumerated() {
      store(Int(value.bitPattern), at: Self.parameterOffset + 16 + 4 * index)
    }
    for (index, byte) in model.utf8.enumerated() { image[64 + index] = byte }
  }
}
