package import Episodes
import VectorMath

/// An episode as the message that stands for it in the cache.
package struct PreparedEpisode: Hashable, Sendable, Identifiable {
  package var id: String
  /// See `engram_cache.proto`.
  package var message: [UInt8]

  package init(id: String, message: [UInt8]) {
    self.id = id
    self.message = message
  }

  /// Nil for an episode that the cache cannot hold.
  package init?(_ episode: Episode) {
    guard let message = try? RecordFormat.message(of: episode) else { return nil }
    self.init(id: episode.id, message: message)
  }
}

/// An embedding as its value in the cache.
package struct PreparedEmbedding: Hashable, Sendable, Identifiable {
  package let id: UInt64
  package let owner: EmbeddingOwner
  let value: [UInt8]

  package var byteCount: Int { value.count }
}

/// Makes the values of embeddings, of one cache, from their parts where they are.
package struct EmbeddingPreparation: Sendable {
  let table: Table

  /// - Parameters:
  ///   - vector: 32-bit floats, little endian.
  /// - Returns: nil when a text or the vector is too long for the cache.
  package func prepared(
    id: UInt64, owner: EmbeddingOwner, model: UnsafeRawBufferPointer,
    contentHash: UnsafeRawBufferPointer, vector: UnsafeRawBufferPointer
  ) -> PreparedEmbedding? {
    let key = RecordKey.number(id)
    let value = EmbeddingRecord.encode(
      owner: owner, model: model, contentHash: contentHash, vector: vector, key: key, table: table)
    return value.map { PreparedEmbedding(id: id, owner: owner, value: $0) }
  }
}

extension RecordCache {
  package var embeddingPreparation: EmbeddingPreparation {
    EmbeddingPreparation(table: tables.embeddings)
  }
}

extension EmbeddingRecord {
  /// As ``encode(_:key:table:)``, from bytes, in one piece of memory.
  static func encode(
    owner: EmbeddingOwner, model: UnsafeRawBufferPointer, contentHash: UnsafeRawBufferPointer,
    vector: UnsafeRawBufferPointer, key: [UInt8], table: Table
  ) -> [UInt8]? {
    var ownerID = owner.id
    return ownerID.withUTF8 { ownerID in
      let texts = [UnsafeRawBufferPointer(ownerID), model, contentHash]
      guard texts.allSatisfy({ $0.count <= textBytesMax }), vector.count % 4 == 0,
        let dimension = UInt32(exactly: vector.count / 4)
      else { return nil }
      let vectorStart = (headerBytes + texts.reduce(0) { $0 + $1.count } + 3) & ~3
      let count = vectorStart + vector.count
      return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        // SAFETY: every byte up to `count`, which is the capacity, is written.
        let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
        bytes.storeBytes(of: 0, toByteOffset: vectorStart - 4, as: UInt32.self)
        bytes[8] = version
        bytes[9] = code(of: owner.kind)
        for (index, text) in texts.enumerated() {
          bytes.storeBytes(
            of: UInt16(text.count).littleEndian, toByteOffset: 10 + 2 * index, as: UInt16.self)
        }
        bytes.storeBytes(of: dimension.littleEndian, toByteOffset: 16, as: UInt32.self)
        bytes.storeBytes(of: 0, toByteOffset: 20, as: UInt32.self)
        bytes.storeBytes(
          of: Int64(owner.part).littleEndian, toByteOffset: 24, as: Int64.self)
        var offset = headerBytes
        for text in texts {
          UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]).copyMemory(from: text)
          offset += text.count
        }
        UnsafeMutableRawBufferPointer(rebasing: bytes[vectorStart...]).copyMemory(from: vector)
        let head = CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[8..<vectorStart]))
        let place = StoredChecksum.ofKey(key, in: table)
        bytes.storeBytes(of: (head ^ place).littleEndian, as: UInt32.self)
        bytes.storeBytes(
          of: CRC32C.checksum(of: vector).littleEndian, toByteOffset: 4, as: UInt32.self)
        initializedCount = count
      }
    }
  }
}
