/// Memory of a search, to be used again: the scores of documents.
///
/// Not thread-safe: one search at a time.
public final class TextScratch {
  /// 0 for documents without a word of the question.
  var scores: [Float] = []
  /// The documents with a score.
  var touched: [UInt32] = []

  public init() {}

  /// What a document has of the words whose postings were read in the last search.
  func score(of document: Int) -> Float {
    document < scores.count ? scores[document] : 0
  }

  func withScores(
    _ body: (_ scores: UnsafeMutableBufferPointer<Float>, _ touched: inout [UInt32]) -> Void
  ) {
    var touched = self.touched
    self.touched = []
    scores.withUnsafeMutableBufferPointer { body($0, &touched) }
    self.touched = touched
  }

  func reset(documentCount: Int) {
    for document in touched { scores[Int(document)] = 0 }
    touched.removeAll(keepingCapacity: true)
    if scores.count < documentCount {
      scores += [Float](repeating: 0, count: documentCount - scores.count)
    }
  }
}
