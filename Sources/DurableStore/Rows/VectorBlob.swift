/// Vectors as blobs: 32-bit floats, little-endian.
enum VectorBlob {
  static func encode(_ vector: [Float]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: vector.count * 4) { buffer, count in
      // SAFETY: the buffer holds exactly four bytes for each number.
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      for (index, number) in vector.enumerated() {
        bytes.storeBytes(
          of: number.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
      }
      count = vector.count * 4
    }
  }

  /// Nil unless the length is a multiple of four.
  static func decode(_ bytes: [UInt8]) -> [Float]? {
    guard bytes.count.isMultiple(of: 4) else { return nil }
    let count = bytes.count / 4
    return bytes.withUnsafeBytes { source in
      [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        // SAFETY: both buffers hold `count` numbers; the loads need no alignment.
        for index in 0..<count {
          let pattern = source.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
          buffer.initializeElement(at: index, to: Float(bitPattern: UInt32(littleEndian: pattern)))
        }
        initializedCount = count
      }
    }
  }
}
