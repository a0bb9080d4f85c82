internal import Platform

/// An entry in the file of the index of words; see ``RetrievalIndexFile``.
extension DirectoryEntry {
  private enum State {
    static let finished: UInt8 = 1
    static let superseded: UInt8 = 2
    static let validFrom: UInt8 = 4
    static let validUntil: UInt8 = 8
  }

  func write(to writer: inout BinaryWriter) {
    writer.append(id)
    writer.append(start)
    writer.append(sequence)
    writer.append(reward ?? .nan)
    writer.append(effectiveness ?? .nan)
    for symbol in [namespace, session, agent, domain, taskType, language, framework, outcome] {
      writer.append(symbol)
    }
    writer.append(UInt32(tags.count))
    writer.append(tags)
    var state: UInt8 = 0
    if isFinished { state |= State.finished }
    if isSuperseded { state |= State.superseded }
    if validFrom != nil { state |= State.validFrom }
    if validUntil != nil { state |= State.validUntil }
    writer.append(state)
    writer.append(validFrom ?? 0)
    writer.append(validUntil ?? 0)
    writer.append(UInt32(embeddings.count))
    writer.append(embeddings)
  }

  init(reading reader: inout BinaryReader) throws(BinaryReader.Malformed) {
    id = try reader.text()
    start = try reader.number()
    sequence = try reader.number()
    let reward = try reader.float()
    self.reward = reward.isNaN ? nil : reward
    let effectiveness = try reader.float()
    self.effectiveness = effectiveness.isNaN ? nil : effectiveness
    namespace = try reader.number()
    session = try reader.number()
    agent = try reader.number()
    domain = try reader.number()
    taskType = try reader.number()
    language = try reader.number()
    framework = try reader.number()
    outcome = try reader.number()
    tags = try reader.numbers(count: Int(try reader.number(UInt32.self)))
    let state = try reader.number(UInt8.self)
    isFinished = state & State.finished != 0
    isSuperseded = state & State.superseded != 0
    let validFrom = try reader.number(Int64.self)
    self.validFrom = state & State.validFrom != 0 ? validFrom : nil
    let validUntil = try reader.number(Int64.self)
    self.validUntil = state & State.validUntil != 0 ? validUntil : nil
    embeddings = try reader.numbers(count: Int(try reader.number(UInt32.self)))
  }

  /// Whether its numbers can be used: none counts up to an overflow, every symbol is in the table.
  ///
  /// - Parameter symbolCount: how many texts have symbols.
  func isSound(symbolCount: Int) -> Bool {
    let symbols =
      [namespace, session, agent, domain, taskType, language, framework, outcome] + tags
    return sequence < .max / 2 && symbols.allSatisfy { $0 <= symbolCount }
      && embeddings.allSatisfy { $0 <= EmbeddingNumbers.idMax }
  }
}
