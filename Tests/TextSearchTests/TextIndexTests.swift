import TestSupport
import Testing

@testable import TextSearch

@Suite("An index of words")
struct TextIndexTests {
  /// BM25 as the formula reads, over documents as lists of terms.
  private static func scores(
    _ documents: [[UInt64]?], _ question: [UInt64], allowed: (Int) -> Bool = { _ in true },
    _ parameters: BM25Parameters = BM25Parameters()
  ) -> [Int: Double] {
    var live: [(number: Int, terms: [UInt64])] = []
    for (number, terms) in documents.enumerated() {
      if let terms { live.append((number, terms)) }
    }
    let words = live.reduce(0) { $0 + $1.terms.count }
    let mean = Double(words) / Double(max(1, live.count))
    let found = live.filter { allowed($0.number) }
    let (k1, b) = (Double(parameters.k1), Double(parameters.b))
    var scores: [Int: Double] = [:]
    for term in Set(question) {
      let frequency = Double(found.filter { $0.terms.contains(term) }.count)
      let odds = (Double(found.count) - frequency + 0.5) / (frequency + 0.5)
      let idf = Double(logarithm(Float(1 + odds)))
      for (number, terms) in found {
        let count = Double(terms.filter { $0 == term }.count)
        if count == 0 { continue }
        let length = k1 * (1 - b + b * Double(terms.count) / mean)
        scores[number, default: 0] += idf * (k1 + 1) * count / (count + length)
      }
    }
    return scores
  }

  @Test("Three short texts score as computed by hand")
  func byHand() {
    var index = TextIndex()
    index.add(TermCounts([1, 2]))
    index.add(TermCounts([1, 1, 3, 4]))
    index.add(TermCounts([5, 6, 7]))
    let scratch = TextScratch()
    let matches = index.search([1, 9], limit: 10, scratch: scratch)
    // idf(1) = ln(1 + 1.5 / 2.5) = 0.4700; mean length 3; k1 0.9, b 0.4.
    // Text 0: 0.4700 · 1.9 · 1 / (1 + 0.9 · (0.6 + 0.4 · 2/3)) = 0.8930 / 1.78 = 0.5017
    // Text 1: 0.4700 · 1.9 · 2 / (2 + 0.9 · (0.6 + 0.4 · 4/3)) = 1.7860 / 3.02 = 0.5914
    #expect(matches.best == [1, 0])
    #expect(abs(index.score(of: 0, in: matches, scratch: scratch) - 0.5017) < 1e-3)
    #expect(abs(index.score(of: 1, in: matches, scratch: scratch) - 0.5914) < 1e-3)
    #expect(index.score(of: 2, in: matches, scratch: scratch) == 0)
    // A word that no text has is the rarest: ln(1 + 3.5 / 0.5) = 2.0794.
    #expect(abs(matches.idealScore - (0.4700 + 2.0794) * 1.9) < 1e-2)
  }

  @Test(
    "Random adding, removing, compacting and asking agrees with the formula", arguments: [1, 2, 3])
  func randomOperations(seed: UInt64) {
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var index = TextIndex()
    var documents: [[UInt64]?] = []
    let scratch = TextScratch()
    for round in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6:
        let count = Int.random(in: 0..<30, using: &random)
        // Few words, so that many texts share them.
        let terms = (0..<count).map { _ in
          UInt64(Int.random(in: 0..<40, using: &random)) &* 0x9e37_79b9_7f4a_7c15
        }
        #expect(index.add(TermCounts(terms)) == documents.count)
        documents.append(terms)
      case 6:
        guard let number = documents.indices.randomElement(using: &random) else { continue }
        index.remove(number)
        documents[number] = nil
      case 7 where round % 5 == 0:
        let (compacted, old) = index.compacted()
        #expect(old == documents.indices.filter { documents[$0] != nil })
        index = compacted
        documents = old.map { documents[$0] }
      default:
        let question = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
          UInt64(Int.random(in: 0..<45, using: &random)) &* 0x9e37_79b9_7f4a_7c15
        }
        let flags = documents.map { _ in Bool.random(using: &random) }
        for allowed in [nil, flags] {
          let expected = Self.scores(documents, question, allowed: { allowed?[$0] ?? true })
          let matches = index.search(
            question, allowed: allowed.map { DocumentSet($0) }, limit: 7, scratch: scratch)
          func score(_ number: Int) -> Double {
            Double(index.score(of: number, in: matches, scratch: scratch))
          }
          for number in documents.indices {
            #expect(
              abs(score(number) - (expected[number] ?? 0)) < 1e-4,
              "text \(number) in round \(round)")
          }
          let order = expected.keys.sorted {
            let (left, right) = (score($0), score($1))
            return left != right ? left > right : $0 > $1
          }
          #expect(matches.best == Array(order.prefix(7)))
          #expect(Double(matches.idealScore) >= (expected.values.max() ?? 0) - 1e-4)
        }
      }
      #expect(index.count == documents.count { $0 != nil })
      #expect(index.documentCount == documents.count)
    }
  }

  @Test("Words that very many texts have are looked up only, and nothing comes out otherwise")
  func commonWords() {
    let seed: UInt64 = 11
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var index = TextIndex()
    var documents: [[UInt64]?] = []
    // Word w is in about one text of w: the first few in more texts than are read at once.
    func text() -> [UInt64] {
      (1...200).filter { Int.random(in: 0..<$0, using: &random) == 0 }.map { UInt64($0) }
        .flatMap { [UInt64](repeating: $0, count: Int.random(in: 1...3, using: &random)) }
    }
    for _ in 0..<4000 { documents.append(text()) }
    for terms in documents { index.add(TermCounts(terms ?? [])) }
    index = index.compacted().index
    for _ in 0..<300 {
      let terms = text()
      index.add(TermCounts(terms))
      documents.append(terms)
    }
    for number in stride(from: 5, to: 4300, by: 97) {
      index.remove(number)
      documents[number] = nil
    }
    let scratch = TextScratch()
    var restCount = 0
    for question: [UInt64] in [
      [1, 2, 150], [1, 2, 3, 120, 180], [2, 90, 91, 92], [1], [1, 2, 3, 4], [3, 199, 1000],
      [1, 2, 3, 4, 5, 60, 70, 80],
    ] {
      let flags = documents.map { _ in Bool.random(using: &random) }
      for allowed in [nil, flags] {
        let expected = Self.scores(documents, question, allowed: { allowed?[$0] ?? true })
        let matches = index.search(
          question, allowed: allowed.map { DocumentSet($0) }, limit: 10, scratch: scratch)
        restCount += matches.rest.isEmpty ? 0 : 1
        var wrong = 0
        for number in documents.indices {
          let score = Double(index.score(of: number, in: matches, scratch: scratch))
          if abs(score - (expected[number] ?? 0)) > 1e-4 { wrong += 1 }
        }
        #expect(wrong == 0, "question \(question)")
        let best = expected.values.sorted(by: >).prefix(10)
        #expect(matches.best.count == best.count)
        for (number, score) in zip(matches.best, best) {
          #expect(abs((expected[number] ?? 0) - score) < 1e-4, "question \(question)")
        }
      }
    }
    #expect(restCount >= 4, "some questions have words that are only looked up")
  }

  @Test("An index without documents, and a question without words, find nothing")
  func empty() {
    var index = TextIndex()
    let scratch = TextScratch()
    #expect(index.search([1], limit: 5, scratch: scratch).best.isEmpty)
    index.add(TermCounts([1]))
    #expect(index.search([], limit: 5, scratch: scratch).best.isEmpty)
    #expect(index.search([1], limit: 0, scratch: scratch).best.isEmpty)
    index.remove(0)
    #expect(index.search([1], limit: 5, scratch: scratch).best.isEmpty)
    #expect(index.compacted().index.documentCount == 0)
  }
}
