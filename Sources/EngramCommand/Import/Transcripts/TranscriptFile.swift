internal import Episodes
internal import Foundation
internal import Platform
internal import Transcripts

/// Reads a transcript from where it was left, in memory bounded by its longest line.
struct TranscriptFile {
  /// What is read, and how.
  struct Options {
    var namespace = Episode.defaultNamespace
    /// Nil to tell it by the content.
    var format: TranscriptFormat?
    var patterns: [RedactionPattern] = []
    /// Longer lines, and larger documents that are one value, are not read.
    var lineBytesMax = 64 << 20
  }

  /// What came of it.
  struct Result {
    var place: TranscriptPlace
    var redactions: [SecretKind: Int] = [:]
    /// How many lines were not understood, and the first of them.
    var failedLines = 0
    var problems: [String] = []
    /// Whether it was read on from the place that was given.
    var isContinued = false
  }

  static let problemsMax = 20
  private static let probeBytes = 4096
  private static let probedLinesMax = 100

  let path: String
  let stamp: TranscriptFileVersion
  private let options: Options

  /// - Throws: ``FileError``, also for what is no plain file.
  init(path: String, options: Options) throws(FileError) {
    var status = Foundation.stat()
    guard stat(path, &status) == 0 else { throw FileError.last(.open, path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError.notRegular(path) }
    // Places are kept by it, wherever it was typed.
    self.path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    self.options = options
    stamp = TranscriptFileVersion(
      size: Int(status.st_size), inode: UInt64(status.st_ino),
      modified: Timestamp(
        nanosecondsSince1970: Int64(status.st_mtim.tv_sec) &* 1_000_000_000
          &+ Int64(status.st_mtim.tv_nsec)))
  }

  /// Reads the episodes.
  ///
  /// - Parameters:
  ///   - place: where it was left; read from the beginning if the file is another one by now.
  ///   - body: gets the episodes of each line that ends some, and the place behind them, if it can be read on from.
  /// - Returns: nil for a file that is no transcript.
  func read(
    from place: TranscriptPlace?, _ body: ([Episode], TranscriptPlace?) async throws -> Void
  ) async throws -> Result? {
    var from = TranscriptParser.Place()
    var lineNumber = 0
    var format = options.format
    var isContinued = false
    if let place, format == nil || format == place.format, try isSame(place) {
      (from, lineNumber, format) = (place.place, place.lineNumber, place.format)
      isContinued = true
    }
    if !isContinued {
      switch try detect() {
      case .lines(let found): format = format ?? found
      case .document(let value, let found): return try await read(value, format ?? found, body)
      case nil: if format == nil { return nil }
      }
    }
    guard let format else { return nil }
    var parser = TranscriptParser(
      format: format, from: from, namespace: options.namespace, fallbackID: fallbackID,
      fallbackTime: stamp.modified, redactor: SecretRedactor(patterns: options.patterns))
    var result = Result(
      place: TranscriptPlace(
        path: path, format: format, lineNumber: lineNumber, place: from, headHash: 0, tailHash: 0,
        stamp: stamp), isContinued: isContinued)
    var lines = try LineReader(
      InputFile(path: path, mustBeRegular: true), lineBytesMax: options.lineBytesMax,
      from: from.offset, after: lineNumber)
    while true {
      let offset = lines.bytesConsumed
      let before = lines.lineNumber
      let line: Swift.Result<JSONValue?, TranscriptLineError>? = try lines.next { line in
        Swift.Result { () throws(TranscriptLineError) in
          switch line {
          case .tooLong: throw TranscriptLineError("is too long")
          case .text(let bytes):
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
            return try TranscriptParser.value(of: bytes)
          }
        }
      }
      guard let line else { break }
      let value: JSONValue?
      switch line {
      case .success(let found): value = found
      case .failure(let error):
        // A line that is being written is complete the next time.
        if lines.isLineEnded {
          result.note("\(path): line \(lines.lineNumber): \(error)")
        }
        continue
      }
      guard let value else { continue }
      let episodes = parser.add(value, at: offset, end: lines.bytesConsumed)
      if parser.place.offset == offset {
        result.place.lineNumber = before
      } else if parser.place.offset == lines.bytesConsumed {
        // The end of a line that is whole already counts when it comes.
        result.place.lineNumber = lines.isLineEnded ? lines.lineNumber : lines.lineNumber - 1
      }
      result.place.place = parser.place
      if !episodes.isEmpty { try await body(episodes, result.place) }
    }
    let place = parser.place
    let last = parser.end()
    if !last.isEmpty { try await body(last, nil) }
    result.place.place = place
    (result.place.headHash, result.place.tailHash) = try hashes(before: place.offset)
    result.redactions = parser.redactions
    return result
  }

  private func read(
    _ value: JSONValue, _ format: TranscriptFormat,
    _ body: ([Episode], TranscriptPlace?) async throws -> Void
  ) async throws -> Result {
    var parser = TranscriptParser(
      format: format, namespace: options.namespace, fallbackID: fallbackID,
      fallbackTime: stamp.modified, redactor: SecretRedactor(patterns: options.patterns))
    let episodes = parser.add(value, at: 0, end: 0) + parser.end()
    if !episodes.isEmpty { try await body(episodes, nil) }
    // A document is read as a whole each time that it changes.
    let (head, tail) = try hashes(before: 0)
    return Result(
      place: TranscriptPlace(
        path: path, format: format, lineNumber: 0, place: TranscriptParser.Place(),
        headHash: head, tailHash: tail, stamp: stamp), redactions: parser.redactions)
  }

  // MARK: Which format

  private enum Found {
    case lines(TranscriptFormat)
    case document(JSONValue, TranscriptFormat)
  }

  /// By the first line that tells it, or by the whole of a document of many lines.
  private func detect() throws -> Found? {
    var lines = LineReader(
      try InputFile(path: path, mustBeRegular: true), lineBytesMax: options.lineBytesMax)
    var isFirst = true
    for _ in 0..<Self.probedLinesMax {
      let line: (isBlank: Bool, isOpen: Bool, value: JSONValue?)? = try lines.next { line in
        guard case .text(let bytes) = line else { return (false, false, nil) }
        let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        return (
          first == nil, first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
          try? TranscriptParser.value(of: bytes)
        )
      }
      guard let line else { return nil }
      if line.isBlank { continue }
      if let format = line.value.flatMap({ TranscriptFormat(of: $0) }) { return .lines(format) }
      if isFirst, line.value == nil, line.isOpen, let document = try document() { return document }
      isFirst = false
    }
    return nil
  }

  private func document() throws -> Found? {
    guard stamp.size <= options.lineBytesMax,
      let data = FileManager.default.contents(atPath: path), data.count <= options.lineBytesMax,
      let value = try? data.withUnsafeBytes({ try TranscriptParser.value(of: $0) }),
      let format = TranscriptFormat(of: value)
    else { return nil }
    return .document(value, format)
  }

  /// The name of the file and a hash of its path, which name the session where nothing else does.
  private var fallbackID: String {
    let name = path.split(separator: "/").last.map(String.init) ?? "transcript"
    var hash = StableHash()
    for byte in path.utf8 { hash.combine(byte) }
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return stem + "-" + String(hash.value, radix: 16)
  }

  // MARK: Whether it is the same

  private func isSame(_ place: TranscriptPlace) throws -> Bool {
    guard stamp.size >= place.place.offset else { return false }
    return try hashes(before: place.place.offset) == (place.headHash, place.tailHash)
  }

  /// A place in the midst of the file, to read on from.
  func unfinished(_ place: TranscriptPlace) throws -> TranscriptPlace {
    var place = place
    (place.headHash, place.tailHash) = try hashes(before: place.place.offset)
    // No file has it: what follows has still to be read, though the file may not change any more.
    place.stamp.inode = 0
    return place
  }

  private func hashes(before offset: Int) throws -> (UInt64, UInt64) {
    let file = try InputFile(path: path, mustBeRegular: true)
    let count = min(offset, Self.probeBytes)
    func hash(at start: Int) throws(FileError) -> UInt64 {
      var bytes = [UInt8](repeating: 0, count: count)
      // SAFETY: the buffer holds as many bytes as are asked for.
      let read = bytes.withUnsafeMutableBytes {
        pread(file.descriptor, $0.baseAddress, count, off_t(start))
      }
      guard read >= 0 else { throw FileError.last(.read, path: path) }
      var hash = StableHash()
      for byte in bytes.prefix(read) { hash.combine(byte) }
      return hash.value
    }
    if count == 0 { return (0, 0) }
    return (try hash(at: 0), try hash(at: offset - count))
  }
}

extension TranscriptFile.Result {
  mutating func note(_ problem: String) {
    failedLines += 1
    if problems.count < TranscriptFile.problemsMax { problems.append(problem) }
  }
}
