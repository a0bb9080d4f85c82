internal import DurableStore
internal import Interchange

/// Writes records as lines, to a file that appears when it is complete or to standard output.
actor ExportWriter {
  struct Counts: Encodable, Sendable {
    var episodes = 0
    var patterns = 0
    var heuristics = 0
    var relationships = 0
    var embeddings = 0
    var bytes = 0
  }

  private var file: OutputFile?
  private var pending = ""
  private(set) var counts = Counts()

  private static let pendingBytesMax = 1 << 16

  /// - Parameter path: nil for standard output.
  init(path: String?) throws(FileError) {
    if let path { file = try OutputFile(path: path, isPrivate: true) } else { file = nil }
  }

  func write(_ record: StoredRecord) throws {
    for line in try RecordLine.lines(record) {
      pending += line
      pending += "\n"
    }
    switch record {
    case .episode(_, let embeddings), .learned(_, let embeddings):
      counts.episodes += 1
      counts.embeddings += embeddings.count
    case .pattern(_, let embeddings):
      counts.patterns += 1
      counts.embeddings += embeddings.count
    case .heuristic: counts.heuristics += 1
    case .relationship: counts.relationships += 1
    }
    if pending.utf8.count >= Self.pendingBytesMax { try flush() }
  }

  /// Writes what is left and gives the file its name.
  ///
  /// - Parameter mayPublish: asked before the file gets its name, and throws if it must not.
  func finish(_ mayPublish: @Sendable () throws -> Void) throws -> Counts {
    try flush()
    try mayPublish()
    if let file = file.take() { try file.finish() }
    return counts
  }

  private func flush() throws {
    counts.bytes += pending.utf8.count
    if file != nil {
      try file?.write(pending)
    } else if !pending.isEmpty {
      try StandardOutput.printLine(String(pending.dropLast()))
    }
    pending = ""
  }
}
