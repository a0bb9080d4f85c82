public import Episodes
public import Interchange

/// Reads the episodes of a JSON Lines file or of standard input one after the other, in memory
/// bounded by the longest line.
///
/// ```swift
/// var reader = try EpisodeFileReader(path: "episodes.jsonl", startTime: now)
/// while let line = try reader.next() {
///   switch line {
///   case .episode(_, let episode): batch.append(episode)
///   case .failure(let error): print(error)
///   }
/// }
/// ```
public struct EpisodeFileReader: ~Copyable {
  /// What one line held.
  public enum Line: Sendable {
    case episode(line: Int, Episode)
    /// Another kind of record of an export.
    case record(line: Int, RecordLine)
    case failure(EpisodeLineError)
  }

  /// The longest line that is read by default, in bytes.
  public static let defaultLineBytesMax = 64 << 20

  /// Bytes of the file, for progress; nil for a pipe.
  public let byteCount: Int?
  private let parser: EpisodeLineParser
  private var lines: LineReader

  /// Bytes of the lines read so far.
  public var bytesRead: Int { lines.bytesConsumed }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file; `-` is standard input.
  ///   - startTime: the start of an episode that names none on the first line; on each line after it a nanosecond
  ///     later, since what was told one after the other did not begin at once.
  ///   - namespace: the namespace of an episode that names none.
  ///   - replacesNamespace: whether every episode is of that one.
  ///   - lineBytesMax: longer lines are failures.
  public init(
    path: String, startTime: Timestamp, namespace: String = Episode.defaultNamespace,
    replacesNamespace: Bool = false, lineBytesMax: Int = Self.defaultLineBytesMax
  ) throws(FileError) {
    let file = try InputFile(path: path)
    byteCount = file.byteCount
    parser = EpisodeLineParser(
      startTime: startTime, namespace: namespace, replacesNamespace: replacesNamespace)
    lines = LineReader(file, lineBytesMax: lineBytesMax)
  }

  /// The next line that is not blank, or nil at the end.
  ///
  /// - Throws: ``FileError`` when the file cannot be read on; a line that is no episode is a
  ///   ``Line/failure(_:)`` and does not end the reading.
  public mutating func next() throws(FileError) -> Line? {
    var parser = self.parser
    let lineBytesMax = lines.lineBytesMax
    while true {
      let number = lines.lineNumber + 1
      parser.startTime.nanosecondsSince1970 =
        self.parser.startTime.nanosecondsSince1970 &+ Int64(number - 1)
      let line: Line?? = try lines.next { line in
        switch line {
        case .tooLong:
          return .failure(
            EpisodeLineError(
              line: number, problem: "is longer than \(lineBytesMax) bytes",
              advice: "expected one episode of at most \(EpisodeLimits.episodeBytesMax) bytes"))
        case .text(let bytes):
          if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
          do throws(EpisodeLineError) {
            if let record = try RecordLine.parse(bytes, line: number) {
              return .record(line: number, record)
            }
            return .episode(line: number, try parser.parse(bytes, line: number))
          } catch {
            return .failure(error)
          }
        }
      }
      guard let line else { return nil }
      if let line { return line }
    }
  }
}
