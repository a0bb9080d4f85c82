import Episodes

/// Where the parts of a stored embedding are in its bytes.
struct EmbeddingLayout {
  var kind: EmbeddingOwner.Kind
  var part: Int
  var ownerID: Range<Int>
  var model: Range<Int>
  var contentHash: Range<Int>
  var vector: Range<Int>
}
