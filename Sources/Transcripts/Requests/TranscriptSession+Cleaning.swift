internal import Episodes
internal import Platform

extension TranscriptSession {
  private static let valueBytesMax = 500

  /// Takes secrets and control characters out of what a line has changed: anybody may have written it.
  mutating func clean(since before: TranscriptSession, _ redactor: inout SecretRedactor) {
    for path: WritableKeyPath<Self, String?> in [\.folder, \.branch, \.version, \.model] {
      guard let value = self[keyPath: path], value != before[keyPath: path] else { continue }
      // Each line tells it again: what was taken out once is counted once.
      var counting = redactor
      let kept = BoundedText.kept(value, bytesMax: Self.valueBytesMax, &counting)
      if kept != before[keyPath: path] { redactor = counting }
      self[keyPath: path] = kept
    }
    for path: WritableKeyPath<Self, String?> in [\.id, \.parentID] {
      guard let value = self[keyPath: path], value != before[keyPath: path] else { continue }
      self[keyPath: path] = Self.safeID(value, &redactor)
    }
  }

  /// An id that holds no secret: another one for each, as sessions must not become one.
  static func safeID(_ id: String, _ redactor: inout SecretRedactor) -> String {
    var counting = redactor
    if counting.redacted(id) == id { return id }
    redactor = counting
    return hashedID(id)
  }

  static func hashedID(_ text: String) -> String { "transcript-" + hash(of: text) }

  static func hash(of text: String) -> String {
    var hash = StableHash()
    for byte in text.utf8 { hash.combine(byte) }
    return String(hash.value, radix: 16)
  }
}
