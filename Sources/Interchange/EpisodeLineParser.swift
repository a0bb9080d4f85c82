public import Episodes

/// Reads an episode from one line of JSON, as `engram import` takes it.
///
/// Only `taskDescription` is required. A field that is not known, at any level, is an error and not
/// ignored: what is imported is complete. May be used from several threads at once.
///
/// ```swift
/// let parser = EpisodeLineParser(startTime: now)
/// let episode = try parser.parse(#"{"taskDescription": "fix the login"}"#)
/// ```
public struct EpisodeLineParser: Sendable {
  /// The start of an episode that names none.
  public var startTime: Timestamp
  /// The namespace of an episode that names none.
  public var namespace: String
  /// Whether every episode is of ``namespace``, whatever it names.
  public var replacesNamespace: Bool

  public init(
    startTime: Timestamp, namespace: String = Episode.defaultNamespace,
    replacesNamespace: Bool = false
  ) {
    self.startTime = startTime
    self.namespace = namespace
    self.replacesNamespace = replacesNamespace
  }

  /// Reads the episode in `bytes`.
  ///
  /// An episode without an `id` gets one made from its content, so that the same line is the same
  /// episode in every import.
  ///
  /// - Parameters:
  ///   - bytes: one JSON object in UTF-8.
  ///   - line: the number of the line, for the error.
  /// - Throws: ``EpisodeLineError``.
  /// - Complexity: linear in the number of bytes.
  public func parse(
    _ bytes: UnsafeRawBufferPointer, line: Int = 1
  ) throws(EpisodeLineError) -> Episode {
    let value = try ShapedLine.value(
      of: bytes, shape: EpisodeShape.episode, line: line,
      expected: "a line is one JSON object")
    return try episode(from: value, line: line)
  }

  /// Reads the episode in `text`.
  public func parse(_ text: String, line: Int = 1) throws(EpisodeLineError) -> Episode {
    try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(EpisodeLineError) in
      try parse(UnsafeRawBufferPointer(bytes), line: line)
    }
  }

  private func episode(
    from value: JSONValue, line: Int
  ) throws(EpisodeLineError) -> Episode {
    var id = ""
    let value = placed(value)
    if case .object(let fields) = value, case .null = fields["id"] ?? .null {
      id = CanonicalJSON.identifier(value)
    }
    let episode = try decode(value, defaults: .init(id: id, startTime: startTime), line: line)
    do throws(ValidationError) {
      try episode.validate()
    } catch {
      throw EpisodeLineError(
        line: line, field: error.field, problem: error.problem,
        advice: "expected " + error.expected)
    }
    return episode
  }

  /// The object with the namespace that its episode is to have: a part of the content, from which ids are made.
  private func placed(_ value: JSONValue) -> JSONValue {
    guard case .object(var fields) = value else { return value }
    switch fields["namespace"] ?? .null {
    case .null where namespace != Episode.defaultNamespace: break
    case .null: return value
    default: if !replacesNamespace { return value }
    }
    fields["namespace"] = .string(namespace)
    return .object(fields)
  }

  private func decode(
    _ value: JSONValue, defaults: EpisodeDecodingDefaults, line: Int
  ) throws(EpisodeLineError) -> Episode {
    let userInfo = [EpisodeDecodingDefaults.userInfoKey: defaults as Any]
    let fast = JSONValueDecoder(value, userInfo: userInfo, tracksPath: false)
    if let episode = try? Episode(from: fast) { return episode }
    do {
      return try Episode(from: JSONValueDecoder(value, userInfo: userInfo))
    } catch {
      throw Self.error(error, line: line)
    }
  }

  /// The shape is checked first, so that a decoding error means a rule that only the type knows.
  private static func error(_ error: any Error, line: Int) -> EpisodeLineError {
    let context: DecodingError.Context
    switch error {
    case DecodingError.typeMismatch(_, let found), DecodingError.dataCorrupted(let found):
      context = found
    case DecodingError.valueNotFound(_, let found): context = found
    case DecodingError.keyNotFound(let key, let found):
      context = .init(codingPath: found.codingPath + [key], debugDescription: "is missing")
    default:
      return EpisodeLineError(
        line: line, problem: String(describing: error), advice: "expected an episode")
    }
    let path = context.codingPath.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return EpisodeLineError(
      line: line, field: path, problem: context.debugDescription,
      advice: "expected a value of the field's type")
  }

  /// What a decoding error says, with the path of the value.
  package static func problem(of error: DecodingError) -> String {
    let found = Self.error(error, line: 0)
    return [found.field, found.problem].compactMap { $0 }.filter { !$0.isEmpty }
      .joined(separator: ": ")
  }
}
