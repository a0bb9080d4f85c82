public import Episodes
internal import Platform

/// Turns the lines of a session's transcript into episodes: one for each request of the user, with the calls of
/// tools as its steps and the agent's last words as its outcome.
///
/// Lines are given one after the other; an episode comes when the next request begins, and the last one with
/// ``end()``. Memory is bounded by one line and one episode. No bytes trap; what is not understood throws and
/// changes nothing. Secrets are taken out (``SecretRedactor``) before anything is kept.
///
/// ```swift
/// var parser = TranscriptParser(format: .claudeCode, fallbackID: "session", fallbackTime: now)
/// for (offset, line) in lines { episodes += try parser.add(line, at: offset) }
/// episodes += parser.end()
/// ```
public struct TranscriptParser: Sendable {
  /// Where a later reading may begin: before the last request, which may go on.
  public struct Place: Hashable, Sendable, Codable {
    /// In bytes from the beginning of the file.
    public var offset: Int
    public var session: TranscriptSession

    public init(offset: Int = 0, session: TranscriptSession = TranscriptSession()) {
      self.offset = offset
      self.session = session
    }
  }

  public let format: TranscriptFormat
  /// What was taken out so far.
  public var redactions: [SecretKind: Int] { redactor.counts }
  /// Up to where all is in episodes that do not change any more.
  public private(set) var place: Place
  private let namespace: String
  let fallbackID: String
  private let fallbackTime: Timestamp
  private var redactor: SecretRedactor
  var session: TranscriptSession
  private var request: OpenRequest?
  /// Whether the line that is read tells its time.
  private var isTimed = false
  /// Whether an id of the session, where there is one, was told.
  var isNamed = true

  /// - Parameters:
  ///   - place: where the lines begin that will be given.
  ///   - fallbackID: stands for the id of a session that tells none.
  ///   - fallbackTime: when something happened that has no time.
  public init(
    format: TranscriptFormat, from place: Place = Place(),
    namespace: String = Episode.defaultNamespace, fallbackID: String, fallbackTime: Timestamp,
    redactor: SecretRedactor = SecretRedactor()
  ) {
    self.format = format
    self.place = place
    self.namespace = namespace
    self.fallbackID = fallbackID
    self.fallbackTime = fallbackTime
    self.redactor = redactor
    session = place.session
  }

  /// Reads a line.
  ///
  /// - Parameters:
  ///   - bytes: one JSON value.
  ///   - offset: where the line begins, in bytes from the beginning of the file.
  ///   - end: where the next line begins.
  /// - Returns: the episodes that ended with it.
  /// - Throws: ``TranscriptLineError``.
  /// - Complexity: linear in the number of bytes.
  public mutating func add(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, end: Int
  ) throws(TranscriptLineError) -> [Episode] {
    add(try Self.value(of: bytes), at: offset, end: end)
  }

  /// The value in a line.
  package static func value(
    of bytes: UnsafeRawBufferPointer
  ) throws(TranscriptLineError) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw TranscriptLineError("is not valid UTF-8")
    }
    do throws(JSONSyntaxError) {
      return try JSONReader.value(of: bytes, allowsRepeatedFields: true)
    } catch {
      if let whole = LoneSurrogates.replaced(in: bytes),
        let value = whole.withUnsafeBytes({
          try? JSONReader.value(of: $0, allowsRepeatedFields: true)
        })
      {
        return value
      }
      throw TranscriptLineError("column \(error.column): is not JSON")
    }
  }

  package mutating func add(_ value: JSONValue, at offset: Int, end: Int) -> [Episode] {
    if format == .openAI, let conversation = Conversation(value) {
      let episodes = add(conversation, at: offset)
      place = Place(offset: end)
      return episodes
    }
    guard let fields = value.fields else { return [] }
    let before = session
    let time = noteTime(of: fields)
    var episodes: [Episode] = []
    let events = events(of: fields)
    session.clean(since: before, &redactor)
    for event in events {
      if case .request(let text, let id) = event {
        if let episode = open(text, id: id, at: time) { episodes.append(episode) }
        place = Place(offset: offset, session: before)
      } else {
        handle(event, at: time)
      }
    }
    if request == nil { place = Place(offset: end, session: session) }
    return episodes
  }

  /// The last request, as it is now.
  public mutating func end() -> [Episode] {
    defer { request = nil }
    return close(next: nil).map { [$0] } ?? []
  }

  private mutating func events(of fields: [String: JSONValue]) -> [TranscriptEvent] {
    switch format {
    case .claudeCode: ClaudeCodeLine.events(of: fields, session: &session)
    case .codex: CodexLine.events(of: fields, session: &session)
    case .openAI: ChatMessage.events(of: fields)
    }
  }

  /// Messages that are one session of their own.
  private mutating func add(_ conversation: Conversation, at offset: Int) -> [Episode] {
    var episodes = end()
    session = TranscriptSession()
    session.id = conversation.id
    session.model = conversation.model
    session.lastTime = conversation.time
    session.clean(since: TranscriptSession(), &redactor)
    isNamed = session.id != nil
    defer { isNamed = true }
    if !isNamed { session.id = fallbackID + "." + String(offset) }
    for message in conversation.messages {
      guard let fields = message.fields else { continue }
      let time = noteTime(of: fields)
      for event in ChatMessage.events(of: fields) {
        if case .request(let text, let id) = event {
          if let episode = open(text, id: id, at: time) { episodes.append(episode) }
        } else {
          handle(event, at: time)
        }
      }
    }
    episodes += end()
    session = TranscriptSession()
    return episodes
  }

  /// The time that a line tells, else that of the line before it.
  private mutating func noteTime(of fields: [String: JSONValue]) -> Timestamp {
    isTimed = false
    for name in ["timestamp", "created_at", "created"] {
      guard let value = fields[name] else { continue }
      if let time = value.text.flatMap({ Timestamp($0) })
        ?? value.whole.flatMap({ (0..<100_000_000_000).contains($0) ? $0 : nil })
        .map({ Timestamp(secondsSince1970: Double($0)) })
      {
        session.lastTime = time
        isTimed = true
        return time
      }
    }
    return session.lastTime ?? fallbackTime
  }

  private mutating func handle(_ event: TranscriptEvent, at time: Timestamp) {
    switch event {
    case .request: break
    case .call(let id, let tool, let parameters):
      request?.call(id: id, tool: tool, parameters: parameters, at: time, &redactor)
    case .result(let callID, let output, let isError):
      request?.result(ofCall: callID, output, isError: isError, at: time, &redactor)
    case .answer(let text, let isFinal):
      request?.answered(text, isFinal: isFinal, at: time, &redactor)
    case .interrupted: request?.isInterrupted = true
    case .failed(let problem):
      request?.problem = BoundedText.kept(problem, bytesMax: 500, &redactor)
    }
  }

  private static let requestBytesMax = 8_000

  /// Begins a request.
  ///
  /// - Returns: the one before it.
  private mutating func open(_ text: String, id: String?, at time: Timestamp) -> Episode? {
    let text = RequestText.trimmed(
      BoundedText.kept(text, bytesMax: Self.requestBytesMax, &redactor))
    guard !text.isEmpty else { return nil }
    let episode = close(next: text)
    session.requestCount += 1
    // What has no time of its own still comes one after the other.
    let start = isTimed ? 0 : session.requestCount
    let nanoseconds = time.nanosecondsSince1970.addingReportingOverflow(Int64(start))
    request = OpenRequest(
      id: episodeID(message: id, text: text), text: text,
      startTime: nanoseconds.overflow
        ? time : Timestamp(nanosecondsSince1970: nanoseconds.partialValue))
    return episode
  }

  private func close(next: String?) -> Episode? {
    guard let request, !request.isEmpty, !isCopied(request) else { return nil }
    return request.episode(
      in: session, format: format, sessionID: sessionID, namespace: namespace, next: next)
  }

  /// Copies are written at once, with the time of the fork; an agent takes longer for its first answer.
  private static let forkSeconds = 1.0

  /// Whether a request with all that came of it was copied from the session that this one was forked from, whose
  /// own transcript tells it.
  private func isCopied(_ request: OpenRequest) -> Bool {
    guard let time = session.forkTime else { return false }
    return request.lastTime.seconds(since: time) <= Self.forkSeconds
  }
}
