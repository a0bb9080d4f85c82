/// The tokens of texts, cut into batches of neighbouring texts with about the same number of tokens.
struct TokenBatches: Sendable {
  /// Enough rows that copying the weights into a product's own layout, done for each batch, is a
  /// few percent of the work.
  static let tokenCountTarget = 768

  private struct Batch {
    var texts: Range<Int>
    var firstToken: Int
  }

  private var tokens: [Int32] = []
  private var tokenCounts: [Int32] = []
  private var batches: [Batch] = []
  private(set) var batchTokenCountMax = 0
  private(set) var textTokenCountMax = 0

  var count: Int { batches.count }

  init(_ texts: ArraySlice<String>, tokenizer: WordPieceTokenizer, threadCount: Int) {
    tokenCounts.reserveCapacity(texts.count)
    for text in texts {
      let count = tokenizer.encode(text, countMax: MiniLMShape.tokenCountMax, into: &tokens)
      tokenCounts.append(Int32(count))
      textTokenCountMax = max(textTokenCountMax, count)
    }
    // As many batches as keep all threads busy to the end.
    let least = (tokens.count + Self.tokenCountTarget - 1) / Self.tokenCountTarget
    let batchCount = max(1, (least + threadCount - 1) / threadCount * threadCount)
    let target = (tokens.count + batchCount - 1) / batchCount
    var batch = Batch(texts: 0..<0, firstToken: 0)
    var batchTokenCount = 0
    func isFull(with more: Int) -> Bool { batchTokenCount + more / 2 > target }
    for (text, tokenCount) in tokenCounts.enumerated() {
      if !batch.texts.isEmpty, isFull(with: Int(tokenCount)) {
        batches.append(batch)
        batch = Batch(texts: text..<text, firstToken: batch.firstToken + batchTokenCount)
        batchTokenCount = 0
      }
      batch.texts = batch.texts.lowerBound..<text + 1
      batchTokenCount += Int(tokenCount)
      batchTokenCountMax = max(batchTokenCountMax, batchTokenCount)
    }
    if !batch.texts.isEmpty { batches.append(batch) }
  }

  /// - Parameter body: called with the number of the batch's first text, the tokens, and how many of
  ///   them each of its texts has.
  func withBatch(
    _ index: Int,
    _ body: (Int, UnsafePointer<Int32>, UnsafeBufferPointer<Int32>) -> Void
  ) {
    let batch = batches[index]
    tokens.withUnsafeBufferPointer { tokens in
      tokenCounts.withUnsafeBufferPointer { counts in
        body(
          batch.texts.lowerBound, tokens.baseAddress! + batch.firstToken,
          UnsafeBufferPointer(rebasing: counts[batch.texts]))
      }
    }
  }
}
