import SwiftProtobuf

/// The bytes of segments in the tables.
///
/// An image is stored behind 48 bytes: the mark `ENGRAMSG`, the id and the byte count (8 bytes
/// each, little endian), and zeros. LMDB puts a value too large for a page into pages of its own,
/// one after the other, behind a page header of 16 bytes. Pages are aligned in memory, so the image
/// starts 64 bytes into a page, aligned to 64 bytes.
enum SegmentFormat {
  static let environment = "engram-segments 2"
  static let version: UInt8 = 2
  /// Of a description: checksum (``StoredChecksum``), version, three zeros.
  static let descriptionHeaderBytes = 8
  static let mark: [UInt8] = Array("ENGRAMSG".utf8)
  static let headerBytes = 48
  static let imageAlignment = 64
  /// LMDB writes a value in one call, of which the system takes no more than 2^31 - 4096 bytes; the
  /// page header is part of it.
  static let imageBytesMax = 0x7FFF_F000 - 16 - headerBytes

  /// Bytes of the value of an image: never so few that it would be kept inside a page, unaligned.
  static func valueBytes(imageBytes: Int, pageBytes: Int) -> Int {
    max(headerBytes + imageBytes, pageBytes)
  }

  static func writeHeader(
    _ destination: UnsafeMutableRawBufferPointer, id: Int64, imageBytes: Int
  ) {
    destination.prefixBytes(headerBytes).initializeMemory(as: UInt8.self, repeating: 0)
    destination.copyBytes(from: mark)
    destination.storeBytes(of: id.littleEndian, toByteOffset: 8, as: Int64.self)
    destination.storeBytes(of: Int64(imageBytes).littleEndian, toByteOffset: 16, as: Int64.self)
  }

  /// The image in a stored value.
  ///
  /// - Throws: a text that says what is wrong.
  static func image(
    in value: UnsafeRawBufferPointer, id: Int64, imageBytes: Int
  ) throws(SegmentFault) -> UnsafeRawBufferPointer {
    guard imageBytes >= 0, imageBytes <= imageBytesMax, value.count >= headerBytes + imageBytes
    else { throw SegmentFault(detail: "its image is shorter than its description says") }
    guard value.starts(with: mark),
      value.loadUnaligned(fromByteOffset: 8, as: Int64.self) == id.littleEndian,
      value.loadUnaligned(fromByteOffset: 16, as: Int64.self) == Int64(imageBytes).littleEndian
    else { throw SegmentFault(detail: "its image is another's") }
    let image = UnsafeRawBufferPointer(
      rebasing: value[headerBytes..<headerBytes + imageBytes])
    guard Int(bitPattern: value.baseAddress! + headerBytes) % imageAlignment == 0 else {
      throw SegmentFault(detail: "its image is not aligned to \(imageAlignment) bytes")
    }
    return image
  }

  static func encode(
    _ description: SegmentDescription, key: [UInt8], table: Table
  ) throws(WireError) -> [UInt8] {
    var message = WireSegmentDescription()
    message.byteCount = UInt64(description.byteCount)
    message.checksum = description.checksum
    message.model = description.model
    message.embeddingIDMax = description.embeddingIDMax
    message.count = Int64(description.count)
    var value: [UInt8] = [0, 0, 0, 0, version, 0, 0, 0]
    value += try RecordFormat.encode(message)
    StoredChecksum.write(to: &value, key: key, table: table)
    return value
  }

  static func description(
    _ value: UnsafeRawBufferPointer, key: [UInt8], table: Table
  ) throws(WireError) -> SegmentDescription {
    guard value.count >= descriptionHeaderBytes else { throw .header }
    guard StoredChecksum.isRight(value, key: key, table: table) else { throw .checksum }
    guard value[4] == version else { throw .header }
    let message: WireSegmentDescription = try RecordFormat.decode(
      UnsafeRawBufferPointer(rebasing: value[descriptionHeaderBytes...]))
    guard let byteCount = Int(exactly: message.byteCount) else { throw .field("byte_count") }
    return SegmentDescription(
      byteCount: byteCount, checksum: message.checksum, model: message.model,
      embeddingIDMax: message.embeddingIDMax, count: Int(message.count))
  }
}

extension UnsafeMutableRawBufferPointer {
  func prefixBytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: self[..<count])
  }
}
