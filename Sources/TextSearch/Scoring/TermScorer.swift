#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What one word of a question earns the documents that have it.
struct TermScorer: Sendable {
  private let index: TextIndex
  /// The documents that may be found; nil for all there are.
  private let found: DocumentSet?
  private let base: Float
  private let slope: Float
  /// How many documents may be found.
  let population: Int

  init(index: TextIndex, allowed: DocumentSet?, parameters: BM25Parameters) {
    self.index = index
    if var allowed {
      allowed.formIntersection(index.present)
      found = allowed
      population = allowed.count
    } else {
      found = index.count == index.documentCount ? nil : index.present
      population = index.count
    }
    let mean = max(1, Float(index.totalLength) / Float(max(1, index.count)))
    base = parameters.k1 * (1 - parameters.b)
    slope = parameters.k1 * parameters.b / mean
  }

  /// How many documents that may be found have a term.
  func frequency(place: Int?, recent: RecentPostings?) -> Int {
    var frequency = 0
    if let place {
      let range = index.frozen.range(at: place)
      if let found {
        if let common = index.frozen.commonTerms[place] {
          frequency += common.count(in: found)
        } else {
          frequency += index.frozen.documents[range].count { found.contains(Int($0)) }
        }
      } else {
        frequency += range.count
      }
    }
    if let recent {
      frequency +=
        found.map { found in recent.documents.count { found.contains(Int($0)) } }
        ?? recent.documents.count
    }
    return frequency
  }

  /// Adds a word to the scores of all documents that have it.
  func add(_ term: TermPostings, to scratch: TextScratch) {
    if let place = term.place {
      add(
        term.weight, index.frozen.documents, index.frozen.counts,
        index.frozen.range(at: place), to: scratch)
    }
    if let recent = term.recent {
      add(term.weight, recent.documents, recent.counts, recent.documents.indices, to: scratch)
    }
  }

  private func add(
    _ weight: Float, _ documents: [UInt32], _ termCounts: [UInt16], _ range: Range<Int>,
    to scratch: TextScratch
  ) {
    // Numbers of documents are below the count of lengths, as is the count of scores.
    scratch.withScores { scores, touched in
      documents.withUnsafeBufferPointer { documents in
        termCounts.withUnsafeBufferPointer { termCounts in
          index.lengths.withUnsafeBufferPointer { lengths in
            for index in range {
              let document = Int(documents[index])
              if let found, !found.contains(document) { continue }
              let score = scores[document]
              if score == 0 { touched.append(documents[index]) }
              scores[document] =
                score + weight * share(Float(termCounts[index]), Float(lengths[document]))
            }
          }
        }
      }
    }
  }

  /// The score of a document by some words, on top of one that it has.
  ///
  /// - Complexity: a look-up for each word.
  func score(
    of document: Int, by terms: ArraySlice<TermPostings>, onTopOf score: Float
  ) -> Float {
    if let found, !found.contains(document) { return score }
    var score = score
    let length = Float(index.lengths[document])
    for term in terms {
      var count = term.place.map { index.frozen.count(at: $0, in: document) } ?? 0
      // A document is among the frozen or among the recent ones.
      if count == 0, let recent = term.recent { count = recent.count(in: document) }
      if count > 0 { score += term.weight * share(Float(count), length) }
    }
    return score
  }

  /// Below 1.
  private func share(_ count: Float, _ length: Float) -> Float {
    count / (count + base + slope * length)
  }
}

/// The natural logarithm.
func logarithm(_ value: Float) -> Float { log(value) }
