import CZstd
import Synchronization

/// Makes stored values of messages and messages of stored values, compressed or not.
///
/// Thread-safe: contexts are lent to one thread at a time, dictionaries are shared.
final class RecordCodec: Sendable {
  /// Longer messages are refused, both ways: an episode has at most 10 MB of text, and disk bytes must
  /// not have memory without bound taken.
  static let messageBytesMax = 64 << 20

  private static let contextsMax = 8

  let compression: CacheCompression?
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var contexts: [CompressionContext] = []
    var dictionaries: [UInt32: CompressionDictionary] = [:]
    /// The dictionary that new values are compressed with.
    var current: CompressionDictionary?
  }

  init(compression: CacheCompression?) { self.compression = compression }

  /// The dictionary that new values are compressed with.
  var currentDictionary: CompressionDictionary? { state.withLock { $0.current } }

  /// - Parameter dictionary: nil to compress without one.
  func use(_ dictionary: CompressionDictionary?) {
    state.withLock { state in
      state.current = dictionary
      if let dictionary { state.dictionaries[dictionary.id] = dictionary }
    }
  }

  /// The stored form of a message.
  ///
  /// - Throws: ``WireError/tooLong``.
  func value(
    of message: [UInt8], key: [UInt8], table: Table, expiresAt: Int64,
    dictionary: CompressionDictionary?
  ) throws(WireError) -> [UInt8] {
    guard message.count <= Self.messageBytesMax else { throw .tooLong }
    var header = RecordHeader(messageBytes: UInt32(message.count), expiresAt: expiresAt)
    var body = message
    if let compression, let context = takeContext() {
      let frame = message.withUnsafeBytes {
        context.compress($0, level: compression.level, dictionary: dictionary)
      }
      giveBack(context)
      if let frame {
        body = frame
        header.encoding = .zstd
        header.dictionaryID = dictionary?.id ?? 0
      }
    }
    return header.value(body: body, key: key, table: table)
  }

  /// Runs `body` with the message of a stored value, in the map where it is not compressed.
  ///
  /// - Parameter dictionary: fetches the stored bytes of a dictionary.
  /// - Throws: ``WireError``, also when the value was not written whole under this key.
  func withMessage<Value>(
    of value: UnsafeRawBufferPointer, key: some Collection<UInt8>, table: Table,
    dictionary fetch: (UInt32) -> [UInt8]?,
    _ body: (UnsafeRawBufferPointer) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    let header = try RecordHeader(value, key: key, table: table)
    let stored = UnsafeRawBufferPointer(rebasing: value[RecordHeader.byteCount...])
    switch header.encoding {
    case .plain:
      guard stored.count == Int(header.messageBytes) else { throw .header }
      return try body(stored)
    case .zstd:
      guard header.messageBytes <= Self.messageBytesMax else { throw .tooLong }
      let dictionary = try dictionary(header.dictionaryID, fetch)
      guard let context = takeContext() else { throw .frame }
      defer { giveBack(context) }
      return try context.decompress(
        stored, byteCount: Int(header.messageBytes), dictionary: dictionary, body)
    }
  }

  private func dictionary(
    _ id: UInt32, _ fetch: (UInt32) -> [UInt8]?
  ) throws(WireError) -> CompressionDictionary? {
    if id == 0 { return nil }
    if let known = state.withLock({ $0.dictionaries[id] }) { return known }
    guard let bytes = fetch(id),
      let dictionary = CompressionDictionary(bytes: bytes, level: compression?.level ?? 3),
      dictionary.id == id
    else { throw .dictionary }
    state.withLock { state in
      // A cache has one at a time; those of caches emptied since are not worth keeping.
      if state.dictionaries.count >= 8 { state.dictionaries = [:] }
      state.dictionaries[id] = dictionary
    }
    return dictionary
  }

  private func takeContext() -> CompressionContext? {
    state.withLock { $0.contexts.popLast() } ?? CompressionContext()
  }

  private func giveBack(_ context: CompressionContext) {
    context.trim()
    state.withLock { state in
      if state.contexts.count < Self.contextsMax { state.contexts.append(context) }
    }
  }
}
