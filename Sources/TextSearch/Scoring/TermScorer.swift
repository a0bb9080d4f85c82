#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Adds what one word of a question earns to the documents that have it.
struct TermScorer {
  let parameters: BM25Parameters
  let meanLength: Float
  let lengths: [UInt32]
  let isRemoved: [Bool]
  let allowed: [Bool]?
  /// Whether no document was removed, and none is left out.
  let everyDocumentCounts: Bool

  private func counts(_ document: Int) -> Bool {
    !isRemoved[document] && (allowed.map { $0[document] } ?? true)
  }

  /// How many of `documents` may be found.
  func count(_ documents: [UInt32], _ range: Range<Int>) -> Int {
    if everyDocumentCounts { return range.count }
    return documents[range].count { counts(Int($0)) }
  }

  func add(
    _ weight: Float, _ documents: [UInt32], _ termCounts: [UInt16], _ range: Range<Int>,
    to scratch: TextScratch
  ) {
    let base = parameters.k1 * (1 - parameters.b)
    let slope = parameters.k1 * parameters.b / meanLength
    for index in range {
      let document = Int(documents[index])
      guard everyDocumentCounts || counts(document) else { continue }
      let frequency = Float(termCounts[index])
      let earned = weight * frequency / (frequency + base + slope * Float(lengths[document]))
      if scratch.scores[document] == 0 { scratch.touched.append(documents[index]) }
      scratch.scores[document] += earned
    }
  }
}

/// The natural logarithm.
func logarithm(_ value: Float) -> Float { log(value) }
