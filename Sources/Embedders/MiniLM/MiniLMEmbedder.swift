internal import VectorMath

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// all-MiniLM-L6-v2 in this process: 384 components, the first 256 tokens of a text.
///
///     let embedder = try MiniLMEmbedder(model: MiniLMModel.locate())
///     let vectors = embedder.vectors(of: ["fix the parser", "the parser is broken"])
///
/// Starting maps the weights and reads the vocabulary, a few milliseconds. May be used from many
/// threads at once; each call works on the calling thread and on `threadCount - 1` others.
///
/// A vector depends on its text alone, but for the last bits: those may differ with what else is
/// in the call, for the order of additions inside a matrix product depends on its size.
public final class MiniLMEmbedder: Embedder {
  public let model = MiniLMModel.name
  public var dimension: Int { MiniLMShape.dimension }
  /// How many threads a call is shared out among.
  public var threadCount: Int { workers.threadCount }

  private let workers: Workers
  private let weights: MiniLMWeights
  private let tokenizer: WordPieceTokenizer

  /// - Parameters:
  ///   - model: the folder with the model's files.
  ///   - threadCount: threads for each call; by default one for each processor.
  /// - Throws: ``ModelFileError`` if a file is not what it should be.
  public init(model: MiniLMModel, threadCount: Int? = nil) throws(ModelFileError) {
    workers = Workers(threadCount: threadCount ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    tokenizer = try WordPieceTokenizer(vocabularyPath: model.vocabularyPath)
    guard tokenizer.vocabulary.count == MiniLMShape.vocabularyCount else {
      throw ModelFileError(
        path: model.vocabularyPath,
        problem: "has \(tokenizer.vocabulary.count) tokens; expected \(MiniLMShape.vocabularyCount)"
      )
    }
    weights = try MiniLMWeights(path: model.weightsPath)
  }

  /// The vectors of `texts`, in their order, each of unit length.
  ///
  /// - Complexity: about 11 million multiplications and additions for each token.
  public func vectors(of texts: [String]) -> [[Float]] {
    let vectors = contiguousVectors(of: texts)
    return (0..<texts.count).map { Array(vectors[$0 * dimension..<($0 + 1) * dimension]) }
  }

  /// The vector of one text, of unit length.
  public func vector(of text: String) -> [Float] {
    contiguousVectors(of: [text])
  }

  /// The vectors of `texts` one after another: `texts.count × 384` floats.
  public func contiguousVectors(of texts: [String]) -> [Float] {
    let count = texts.count * dimension
    return [Float](unsafeUninitializedCapacity: count) { output, initializedCount in
      var start = 0
      while start < texts.count {
        let end = min(start + Self.groupCountMax, texts.count)
        let batches = TokenBatches(
          texts[start..<end], tokenizer: tokenizer, threadCount: workers.threadCount)
        run(batches, into: output.baseAddress! + start * dimension)
        start = end
      }
      initializedCount = count
    }
  }

  public func embed(_ texts: [String]) async -> [[Float]] { vectors(of: texts) }

  public func embedContiguously(_ texts: [String]) async -> [Float] { contiguousVectors(of: texts) }

  /// The ids of the word pieces that are read of a text, with the marks of its start and end: at
  /// most 256.
  public func tokenIDs(of text: String) -> [Int32] {
    var ids: [Int32] = []
    _ = tokenizer.encode(text, countMax: MiniLMShape.tokenCountMax, into: &ids)
    return ids
  }

  /// How many texts have their tokens in memory at once, which bounds a call's memory.
  private static let groupCountMax = 8192

  private func run(_ batches: TokenBatches, into output: UnsafeMutablePointer<Float>) {
    let weights = weights
    let columnWorkers = batches.count == 1 ? workers : nil
    // SAFETY: each worker has scratch memory of its own and each batch its own part of the output.
    nonisolated(unsafe) let output = output
    nonisolated(unsafe) let scratch = (0..<min(workers.threadCount, batches.count)).map { _ in
      MiniLMScratch(
        tokenCount: batches.batchTokenCountMax, textTokenCountMax: batches.textTokenCountMax)
    }
    workers.run(pieces: batches.count) { piece, worker in
      batches.withBatch(piece) { firstText, tokens, tokenCounts in
        let pass = MiniLMForwardPass(
          weights: weights, scratch: scratch[worker], columnWorkers: columnWorkers)
        pass.run(
          tokens: tokens, tokenCounts: tokenCounts,
          into: output + firstText * MiniLMShape.dimension)
      }
    }
  }
}
