internal import Episodes

extension EpisodeDirectory {
  /// Which episodes meet a filter, by number; nil where the filter asks for what the directory does not know: a
  /// place or metadata.
  ///
  /// - Complexity: linear in the number of episodes, for each condition: about a nanosecond each.
  func flags(matching filter: EpisodeFilter) -> [Bool]? {
    guard filter.place == nil, filter.metadata == nil else { return nil }
    var flags = columns.arePresent
    func keep<Value>(_ column: [Value], where condition: (Value) -> Bool) {
      flags.withUnsafeMutableBufferPointer { flags in
        column.withUnsafeBufferPointer { column in
          for number in flags.indices where flags[number] && !condition(column[number]) {
            flags[number] = false
          }
        }
      }
    }
    func keep(_ column: [SymbolTable.Symbol], _ name: String?) {
      guard let name else { return }
      let symbol = symbols.symbol(of: name)
      keep(column) { $0 == symbol }
    }
    keep(columns.namespaces, filter.namespace)
    keep(columns.agents, filter.agentID)
    keep(columns.sessions, filter.sessionID)
    keep(columns.domains, filter.domain)
    keep(columns.taskTypes, filter.taskType?.rawValue)
    keep(columns.outcomes, filter.outcome?.rawValue)
    keep(columns.languages, filter.language)
    keep(columns.frameworks, filter.framework)
    if let since = filter.since?.nanosecondsSince1970 { keep(columns.starts) { $0 >= since } }
    if let until = filter.until?.nanosecondsSince1970 { keep(columns.starts) { $0 < until } }
    if let time = filter.asOf?.nanosecondsSince1970 {
      // Without a time of its own from which it is valid, an episode is so from its start.
      for number in flags.indices
      where (columns.validFrom[number] ?? columns.starts[number]) > time {
        flags[number] = false
      }
      keep(columns.validUntil) { $0.map { $0 > time } ?? true }
    }
    if let isFinished = filter.isFinished { keep(columns.areFinished) { $0 == isFinished } }
    if filter.isCurrent {
      if filter.asOf == nil {
        keep(columns.areSuperseded) { !$0 }
      } else {
        // One that says until when it was valid had no successor before.
        for number in flags.indices
        where columns.areSuperseded[number] && columns.validUntil[number] == nil {
          flags[number] = false
        }
      }
    }
    if !filter.tagsAny.isEmpty {
      let wanted = filter.tagsAny.map { symbols.symbol(of: $0.name) }
      keep(columns.tags) { $0.contains(where: wanted.contains) }
    }
    for tag in filter.tagsAll {
      let wanted = symbols.symbol(of: tag.name)
      keep(columns.tags) { $0.contains(wanted) }
    }
    return flags
  }

  /// The embeddings of the episodes that are flagged.
  func embeddings(ofFlagged flags: [Bool]) -> [UInt64] {
    var ids: [UInt64] = []
    columns.embeddings.withUnsafeBufferPointer { embeddings in
      for number in embeddings.indices where flags[number] { ids += embeddings[number] }
    }
    return ids
  }
}
