internal import DurableStore
internal import Engram
internal import EngramServer
internal import Episodes
internal import Foundation
internal import Interchange
internal import NIOCore

/// Takes an import apart into lines, and stores their records in batches.
struct ImportedLines {
  private var batch: RecordBatch
  private var splitter: LineSplitter
  private var parser: EpisodeLineParser
  /// Bytes of the lines that have not been stored.
  private var byteCount = 0
  /// Bytes of the lines that belong to the last record.
  private var ownByteCount = 0

  /// Episodes of a batch, and bytes of their lines.
  private static let countMax = 256
  private static let bytesMax = 16 << 20
  /// Of the embeddings of one record.
  private static let ownBytesMax = 32 << 20
  /// That are told in words; the others are counted.
  private static let problemsMax = 100

  init(memory: Memory, lineBytesMax: Int, isReadmitting: Bool, keepsCopies: Bool) {
    batch = RecordBatch(
      memory: memory, countMax: Self.countMax, isReadmitting: isReadmitting,
      keepsCopies: keepsCopies, problemsMax: Self.problemsMax)
    splitter = LineSplitter(bytesMax: lineBytesMax)
    parser = EpisodeLineParser(startTime: memory.configuration.now())
  }

  var summary: RecordImportSummary { batch.summary }

  /// Bytes of the body that are still held.
  var heldByteCount: Int { splitter.heldByteCount + byteCount }

  /// What was stored, as the client is told.
  func answer() throws -> JSONValue {
    guard case .object(var fields) = try JSONValueEncoder.value(of: summary) else { return .null }
    fields["problemsLeftOut"] = .integer(Int64(batch.problemsLeftOut))
    return .object(fields)
  }

  mutating func add(_ chunk: ByteBuffer) async throws {
    var lines: [(Int, LineSplitter.Line)] = []
    chunk.withUnsafeReadableBytes { bytes in
      splitter.addNumbered(bytes) { lines.append(($0, $1)) }
    }
    for (number, line) in lines { try await add(line, number: number) }
  }

  mutating func finish() async throws {
    var lines: [(Int, LineSplitter.Line)] = []
    splitter.finishNumbered { lines.append(($0, $1)) }
    for (number, line) in lines { try await add(line, number: number) }
    try await flush()
  }

  mutating func flush() async throws {
    byteCount = 0
    try await batch.flush()
  }

  private mutating func add(_ line: LineSplitter.Line, number: Int) async throws {
    // What was told one after the other did not begin at once.
    parser.startTime.nanosecondsSince1970 += 1
    guard case .text(let bytes) = line else {
      throw EpisodeLineError(
        line: number, problem: "is longer than \(splitter.bytesMax) bytes",
        advice: "expected a shorter one")
    }
    let read = bytes.withUnsafeBytes { bytes in
      Result { () throws(EpisodeLineError) -> (RecordLine?, Episode?) in
        if let line = try RecordLine.parse(bytes, line: number) { return (line, nil) }
        return (nil, try parser.parse(bytes, line: number))
      }
    }
    switch try read.get() {
    case (let line?, _):
      switch line {
      case .embedding, .learned:
        ownByteCount += bytes.count
        guard ownByteCount <= Self.ownBytesMax else {
          throw EpisodeLineError(
            line: number, problem: "has more for the record before it than is taken",
            advice: "expected at most \(Self.ownBytesMax) bytes of embeddings for a record")
        }
      case .pattern, .heuristic, .relationship:
        ownByteCount = 0
        if byteCount > Self.bytesMax { try await flush() }
      }
      try await batch.add(line, number: number)
    case (_, let episode?):
      // Embeddings come after their record, which is then in the next batch with them.
      ownByteCount = 0
      if byteCount > Self.bytesMax { try await flush() }
      try await batch.add(.episode(episode, embeddings: []))
    case (nil, nil): break
    }
    byteCount += bytes.count
  }
}
