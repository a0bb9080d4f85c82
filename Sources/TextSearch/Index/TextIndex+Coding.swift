package import Platform

extension TextIndex {
  /// Writes a ``compacted()`` index:
  ///
  /// ```
  /// documents u32 · terms u32 · postings u64
  /// words of each document u32 · terms u64 · where each begins u32 (one more) · documents u32 · counts u16
  /// ```
  package func write(to writer: inout BinaryWriter) {
    precondition(recent.isEmpty && count == lengths.count, "the index was not compacted")
    writer.append(UInt32(lengths.count))
    writer.append(UInt32(frozen.terms.count))
    writer.append(UInt64(frozen.documents.count))
    writer.append(lengths)
    writer.append(frozen.terms)
    writer.append(frozen.offsets)
    writer.append(frozen.documents)
    writer.append(frozen.counts)
  }

  /// Reads what ``write(to:)`` wrote.
  ///
  /// - Throws: `BinaryReader.Malformed` for anything else: whatever the bytes are, an index that comes back is
  ///   one that can be searched.
  package init(
    reading reader: inout BinaryReader
  ) throws(BinaryReader.Malformed) {
    let documentCount = Int(try reader.number(UInt32.self))
    let termCount = Int(try reader.number(UInt32.self))
    guard let postingCount = Int(exactly: try reader.number(UInt64.self)) else {
      throw BinaryReader.Malformed(offset: reader.offset)
    }
    let lengths = try reader.numbers(UInt32.self, count: documentCount)
    var frozen = FrozenPostings()
    frozen.terms = try reader.numbers(count: termCount)
    frozen.offsets = try reader.numbers(count: termCount + 1)
    frozen.documents = try reader.numbers(count: postingCount)
    frozen.counts = try reader.numbers(count: postingCount)
    guard frozen.isSound(documentCount: documentCount) else {
      throw BinaryReader.Malformed(offset: reader.offset)
    }
    self.init(frozen: frozen, lengths: lengths)
  }
}

extension FrozenPostings {
  /// Whether terms and documents rise, and all is within bounds.
  func isSound(documentCount: Int) -> Bool {
    guard offsets.count == terms.count + 1, offsets.first == 0,
      offsets.last.map({ Int($0) }) == documents.count, counts.count == documents.count,
      counts.allSatisfy({ $0 > 0 }), zip(terms, terms.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(offsets, offsets.dropFirst()).allSatisfy({ $0 < $1 })
    else { return false }
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      for index in Int(start)..<Int(end) {
        guard documents[index] < documentCount,
          index == Int(start) || documents[index - 1] < documents[index]
        else { return false }
      }
    }
    return true
  }
}
