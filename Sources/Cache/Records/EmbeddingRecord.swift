import Episodes

/// The bytes of an embedding in the table: numbers are little endian.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 1 | version |
/// | 1 | 1 | kind of the owner: 0 episode, 1 step, 2 pattern, 3 summary |
/// | 2 | 2 | bytes of the owner's id |
/// | 4 | 2 | bytes of the model's name |
/// | 6 | 2 | bytes of the content hash |
/// | 8 | 4 | dimension |
/// | 12 | 4 | 0 |
/// | 16 | 8 | part of the owner |
/// | 24 | | owner's id, model's name, content hash, 0 to 3 zeros |
/// | multiple of 4 | 4 × dimension | the vector, f32 |
///
/// Every value is a multiple of 4 long, so LMDB, which packs the entries of a page from its end,
/// keeps each vector aligned for floats.
enum EmbeddingRecord {
  static let version: UInt8 = 1
  static let headerBytes = 24
  /// The most bytes of one text, and the largest dimension, that the header can say.
  static let textBytesMax = Int(UInt16.max)

  /// The stored form; nil when a text or the vector is too long for it.
  static func encode(_ embedding: Embedding) -> [UInt8]? {
    let texts = [embedding.owner.id, embedding.model, embedding.contentHash].map { $0.utf8 }
    guard texts.allSatisfy({ $0.count <= textBytesMax }),
      let dimension = UInt32(exactly: embedding.vector.count)
    else { return nil }
    var bytes: [UInt8] = [version, code(of: embedding.owner.kind)]
    bytes.reserveCapacity(headerBytes + 256 + embedding.vector.count * 4)
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    for text in texts { append(UInt16(text.count)) }
    append(dimension)
    append(UInt32(0))
    append(Int64(embedding.owner.part))
    for text in texts { bytes += text }
    while bytes.count % 4 != 0 { bytes.append(0) }
    embedding.vector.withUnsafeBytes { bytes += $0 }
    return bytes
  }

  /// Where the parts of a stored embedding are; nil for bytes that are none.
  static func layout(_ value: UnsafeRawBufferPointer) -> EmbeddingLayout? {
    guard value.count >= headerBytes, value[0] == version, let kind = kind(of: value[1]) else {
      return nil
    }
    func size(at offset: Int) -> Int {
      Int(UInt16(littleEndian: value.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }
    let ownerEnd = headerBytes + size(at: 2)
    let modelEnd = ownerEnd + size(at: 4)
    let hashEnd = modelEnd + size(at: 6)
    let vectorStart = (hashEnd + 3) & ~3
    let dimension = Int(
      UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    guard value.count == vectorStart + dimension * 4 else { return nil }
    let part = Int64(littleEndian: value.loadUnaligned(fromByteOffset: 16, as: Int64.self))
    return EmbeddingLayout(
      kind: kind, part: Int(part), ownerID: headerBytes..<ownerEnd, model: ownerEnd..<modelEnd,
      contentHash: modelEnd..<hashEnd, vector: vectorStart..<value.count)
  }

  /// The key of an owner's embedding in the index of owners; without `part` and `id` the beginning
  /// of all the owner's keys.
  static func ownerKey(
    kind: EmbeddingOwner.Kind, ownerID: String, part: Int? = nil, id: UInt64? = nil
  ) -> [UInt8] {
    var key = [code(of: kind)] + RecordKey.id(ownerID) + [0xFF]
    if let part { key += RecordKey.number(Int64(part)) }
    if let id { key += RecordKey.number(id) }
    return key
  }

  private static func code(of kind: EmbeddingOwner.Kind) -> UInt8 {
    switch kind {
    case .episode: 0
    case .step: 1
    case .pattern: 2
    case .summary: 3
    }
  }

  private static func kind(of code: UInt8) -> EmbeddingOwner.Kind? {
    switch code {
    case 0: .episode
    case 1: .step
    case 2: .pattern
    case 3: .summary
    default: nil
    }
  }
}

/// Where the parts of a stored embedding are in its bytes.
struct EmbeddingLayout {
  var kind: EmbeddingOwner.Kind
  var part: Int
  var ownerID: Range<Int>
  var model: Range<Int>
  var contentHash: Range<Int>
  var vector: Range<Int>
}
