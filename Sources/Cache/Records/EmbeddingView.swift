public import Episodes

/// An embedding in the map, read without a copy. Only valid inside the closure that is given it.
public struct EmbeddingView {
  /// The number of the embedding.
  public let id: UInt64
  private let value: UnsafeRawBufferPointer
  private let layout: EmbeddingLayout

  /// Nil for bytes that are no embedding, or not the ones written for the number.
  ///
  /// - Parameter verifyingVector: whether the vector is checked too, beside what is said of it.
  init?(id: UInt64, value: UnsafeRawBufferPointer, table: Table, verifyingVector: Bool) {
    guard let layout = EmbeddingRecord.layout(value, key: RecordKey.number(id), table: table),
      !verifyingVector || EmbeddingRecord.isVectorRight(value, layout)
    else { return nil }
    self.id = id
    self.value = value
    self.layout = layout
  }

  /// What the embedding is of; made anew at each call.
  public var owner: EmbeddingOwner {
    EmbeddingOwner(kind: layout.kind, id: text(layout.ownerID), part: layout.part)
  }
  /// What kind of record the embedding is of; makes no copy.
  public var ownerKind: EmbeddingOwner.Kind { layout.kind }
  /// The model that made the vector; made anew at each call.
  public var model: String { text(layout.model) }
  /// The hash of the embedded text; made anew at each call.
  public var contentHash: String { text(layout.contentHash) }
  /// The number of components of the vector.
  public var dimension: Int { layout.vector.count / 4 }

  /// The components of the vector, 4 bytes each, in the map.
  public var vectorBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: value[layout.vector])
  }

  /// The vector, copied.
  public var vector: [Float] {
    [Float](unsafeUninitializedCapacity: dimension) { buffer, count in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: vectorBytes)
      count = dimension
    }
  }

  /// Everything, copied.
  public var embedding: Embedding {
    Embedding(owner: owner, model: model, vector: vector, contentHash: contentHash)
  }

  /// Whether the vector is of the model named `model`; makes no copy.
  public func isOf(model: String) -> Bool {
    value[layout.model].elementsEqual(model.utf8)
  }

  /// Runs `body` with the vector, in place where it is aligned for floats, which it is as this
  /// cache writes it, and else in a copy.
  public func withVector<Value>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Value
  ) rethrows -> Value {
    let bytes = vectorBytes
    // SAFETY: bound only when aligned; the length is a multiple of 4, and any bits are a float.
    if Int(bitPattern: bytes.baseAddress) % MemoryLayout<Float>.alignment == 0 {
      return try bytes.withMemoryRebound(to: Float.self, body)
    }
    return try vector.withUnsafeBufferPointer(body)
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: value[range], as: UTF8.self)
  }
}
