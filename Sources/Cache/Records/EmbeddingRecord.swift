import Episodes
import VectorMath

/// The bytes of an embedding in the table: numbers are little endian.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 4 | checksum of the head, which is bytes 8 up to the vector, and of the key and the table |
/// | 4 | 4 | CRC-32C of the vector |
/// | 8 | 1 | version |
/// | 9 | 1 | kind of the owner: 0 episode, 1 step, 2 pattern, 3 summary |
/// | 10 | 2 | bytes of the owner's id |
/// | 12 | 2 | bytes of the model's name |
/// | 14 | 2 | bytes of the content hash |
/// | 16 | 4 | dimension |
/// | 20 | 4 | 0 |
/// | 24 | 8 | part of the owner |
/// | 32 | | owner's id, model's name, content hash, 0 to 3 zeros |
/// | multiple of 4 | 4 × dimension | the vector, f32 |
///
/// Two checksums, because a search asks for the owners of many embeddings and for few vectors.
///
/// Every value is a multiple of 4 long, so LMDB, which packs the entries of a page from its end,
/// keeps each vector aligned for floats.
enum EmbeddingRecord {
  static let version: UInt8 = 2
  static let headerBytes = 32
  /// The most bytes of one text, and the largest dimension, that the header can say.
  static let textBytesMax = Int(UInt16.max)

  /// The stored form; nil when a text or the vector is too long for it.
  static func encode(_ embedding: Embedding, key: [UInt8], table: Table) -> [UInt8]? {
    let texts = [embedding.owner.id, embedding.model, embedding.contentHash].map { $0.utf8 }
    guard texts.allSatisfy({ $0.count <= textBytesMax }),
      let dimension = UInt32(exactly: embedding.vector.count)
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: 8)
    bytes += [version, code(of: embedding.owner.kind)]
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
    let head = bytes[8...].withUnsafeBytes { CRC32C.checksum(of: $0) }
    embedding.vector.withUnsafeBytes { bytes += $0 }
    let vector = embedding.vector.withUnsafeBytes { CRC32C.checksum(of: $0) }
    bytes.withUnsafeMutableBytes { bytes in
      let place = StoredChecksum.ofKey(key, in: table)
      bytes.storeBytes(of: (head ^ place).littleEndian, as: UInt32.self)
      bytes.storeBytes(of: vector.littleEndian, toByteOffset: 4, as: UInt32.self)
    }
    return bytes
  }

  /// Where the parts of a stored embedding are; nil for bytes that are none, and for a head that is not
  /// what was written under `key`. The vector is not looked at.
  static func layout(
    _ value: UnsafeRawBufferPointer, key: [UInt8], table: Table
  ) -> EmbeddingLayout? {
    guard value.count >= headerBytes, value[8] == version, let kind = kind(of: value[9]) else {
      return nil
    }
    func size(at offset: Int) -> Int {
      Int(UInt16(littleEndian: value.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }
    let ownerEnd = headerBytes + size(at: 10)
    let modelEnd = ownerEnd + size(at: 12)
    let hashEnd = modelEnd + size(at: 14)
    let vectorStart = (hashEnd + 3) & ~3
    let dimension = Int(
      UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
    guard value.count == vectorStart + dimension * 4 else { return nil }
    let head = CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: value[8..<vectorStart]))
    let stored = UInt32(littleEndian: value.loadUnaligned(as: UInt32.self))
    guard stored == head ^ StoredChecksum.ofKey(key, in: table) else { return nil }
    let part = Int64(littleEndian: value.loadUnaligned(fromByteOffset: 24, as: Int64.self))
    return EmbeddingLayout(
      kind: kind, part: Int(part), ownerID: headerBytes..<ownerEnd, model: ownerEnd..<modelEnd,
      contentHash: modelEnd..<hashEnd, vector: vectorStart..<value.count)
  }

  /// Whether the vector is the one that was written.
  static func isVectorRight(_ value: UnsafeRawBufferPointer, _ layout: EmbeddingLayout) -> Bool {
    let stored = UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    return stored == CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: value[layout.vector]))
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

  static func code(of kind: EmbeddingOwner.Kind) -> UInt8 {
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
