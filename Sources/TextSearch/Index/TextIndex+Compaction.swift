extension TextIndex {
  /// The same documents without those that were removed, all frozen.
  ///
  /// - Returns: the index, and the old number of each of its documents.
  /// - Complexity: linear in the number of postings, and a sort of the terms.
  public func compacted() -> (index: TextIndex, oldNumbers: [Int]) {
    var newNumbers = [UInt32](repeating: .max, count: lengths.count)
    var oldNumbers: [Int] = []
    oldNumbers.reserveCapacity(count)
    for document in lengths.indices where present.contains(document) {
      newNumbers[document] = UInt32(oldNumbers.count)
      oldNumbers.append(document)
    }
    var result = FrozenPostings()
    let postingCount = frozen.documents.count + recentPostingCount
    result.documents.reserveCapacity(postingCount)
    result.counts.reserveCapacity(postingCount)
    let added = recent.keys.sorted()
    var next = 0
    var old = 0
    while old < frozen.terms.count || next < added.count {
      let term: UInt64
      if next == added.count || (old < frozen.terms.count && frozen.terms[old] <= added[next]) {
        term = frozen.terms[old]
      } else {
        term = added[next]
      }
      let start = result.documents.count
      func append(_ document: UInt32, _ count: UInt16) {
        let number = newNumbers[Int(document)]
        guard number != .max else { return }
        result.documents.append(number)
        result.counts.append(count)
      }
      if old < frozen.terms.count, frozen.terms[old] == term {
        for index in Int(frozen.offsets[old])..<Int(frozen.offsets[old + 1]) {
          append(frozen.documents[index], frozen.counts[index])
        }
        old += 1
      }
      if next < added.count, added[next] == term {
        // Numbers only rise, so those that were added come after those that were frozen.
        if let postings = recent[term] {
          for (document, count) in zip(postings.documents, postings.counts) {
            append(document, count)
          }
        }
        next += 1
      }
      if result.documents.count > start {
        result.terms.append(term)
        result.offsets.append(UInt32(result.documents.count))
      }
    }
    return (
      TextIndex(frozen: result, lengths: oldNumbers.map { lengths[$0] }), oldNumbers
    )
  }
}
