/// Memory of a search, to be used again: the score of each document.
///
/// Not thread-safe: one search at a time.
public final class TextScratch {
  /// 0 for documents without a word of the question.
  var scores: [Float] = []
  /// The documents with a score.
  var touched: [UInt32] = []

  public init() {}

  /// The score of a document in the last search.
  public func score(of document: Int) -> Float {
    document < scores.count ? scores[document] : 0
  }

  func reset(documentCount: Int) {
    for document in touched { scores[Int(document)] = 0 }
    touched.removeAll(keepingCapacity: true)
    if scores.count < documentCount {
      scores += [Float](repeating: 0, count: documentCount - scores.count)
    }
  }
}
