/// The two constants of Okapi BM25.
///
/// Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
public struct BM25Parameters: Hashable, Sendable {
  /// How fast more of the same word stops to count; 0 counts a word once.
  public var k1: Float
  /// How much a long text is held against it, 0 to 1.
  public var b: Float

  /// The defaults are those of the Anserini toolkit, tuned by its authors on passages. Texts of a memory
  /// range from one sentence to pages; a larger `b` takes a short text for a better one than it is.
  public init(k1: Float = 0.9, b: Float = 0.4) {
    self.k1 = k1
    self.b = b
  }
}
