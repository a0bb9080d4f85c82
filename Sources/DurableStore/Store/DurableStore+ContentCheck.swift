import Episodes

extension DurableStore {
  /// Looks for damage that no rule of a table shows: chunks of segments that do not match their checksums,
  /// and vectors that are not finite.
  ///
  /// - Complexity: reads all of both, some thousand vectors or one chunk at a time.
  func contentProblems() async throws(DurableStoreError) -> [String] {
    var problems: [String] = []
    for segment in try await segments() {
      for index in 0..<segment.chunkCount {
        do throws(DurableStoreError) {
          _ = try await segmentChunk(id: segment.id, index: index)
        } catch .corrupt(_, _, let problem) {
          problems.append("\(problem); 'engram index build' makes the index anew")
        } catch .notFound {
          // Deleted meanwhile; one that lacks chunks is found by its count of bytes.
        }
      }
    }
    var last: Int64 = 0
    var notFiniteCount = 0
    while true {
      let page = try await embeddings(after: last, limit: Self.vectorsAtOnce)
      guard let end = page.last else { break }
      last = end.id
      for stored in page where !stored.embedding.vector.allSatisfy(\.isFinite) {
        notFiniteCount += 1
        if notFiniteCount == 1 {
          problems.append(
            "the embedding \(stored.id), of \(stored.embedding.owner.kind.rawValue) "
              + "'\(stored.embedding.owner.id)', holds a value that is not finite")
        }
      }
    }
    if notFiniteCount > 1 { problems.append("so do \(notFiniteCount - 1) others") }
    return try await problems + patternProblems()
  }

  /// Patterns whose rows are damaged: what reads several leaves them out.
  ///
  /// - Returns: a sentence for each, of the first thousand.
  /// - Complexity: reads all patterns, some hundred at a time.
  public func patternProblems() async throws(DurableStoreError) -> [String] {
    var problems: [String] = []
    var last = ""
    while problems.count < Self.patternProblemsMax {
      let result = try await read([
        Self.patternsStatement(kind: nil, domain: nil, after: last, limit: Self.patternsAtOnce)
      ])[0]
      for values in result.rows {
        do throws(DurableStoreError) {
          _ = try PatternRow.decode(values, columns: result.columns)
        } catch {
          guard case .text(let id)? = values.first else { continue }
          problems.append("the pattern '\(id)' is left out: \(error)")
        }
      }
      guard case .text(let end)? = result.rows.last?.first else { break }
      last = end
    }
    return problems
  }

  private static let patternsAtOnce = 500
  private static let patternProblemsMax = 1000

  private static let vectorsAtOnce = 2000
}
