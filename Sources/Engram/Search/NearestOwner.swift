/// An episode that a vector search found, by its nearest record.
struct NearestOwner: Hashable, Sendable {
  var id: String
  /// Of the nearest of its embeddings, -1 to 1.
  var similarity: Double
  /// Where the directory has it, if that was asked: then it need not be looked for by its id.
  var place: RetrievalIndex.Place?
}
