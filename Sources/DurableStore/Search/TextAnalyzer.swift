internal import GRDB
internal import Platform

/// Takes texts apart into the stems of their words.
///
/// Words are what the tokenizer `porter unicode61 remove_diacritics 2` of SQLite makes of a text; words that
/// tell no text from another (`the`, `was`, `who`) are left out. A stem is returned as a 64-bit hash (FNV-1a):
/// of a million stems two are alike with a chance of 3·10⁻⁸.
///
/// Thread-safe; callers take turns.
public final class TextAnalyzer: Sendable {
  /// A database in memory, without a table: tokenizers are had from a connection only.
  private let connection: DatabaseQueue

  /// - Throws: ``DurableStoreError`` where SQLite was built without FTS5.
  public init() throws(DurableStoreError) {
    do {
      connection = try DatabaseQueue()
      _ = try connection.inDatabase { try Self.tokenizer($0) }
    } catch {
      throw .database(SQLError(kind: .other, message: "no full-text tokenizer: \(error)"))
    }
  }

  /// The stems of the words of each text, in their order.
  ///
  /// - Complexity: linear in the bytes of the texts.
  public func terms(of texts: [String]) throws(DurableStoreError) -> [[UInt64]] {
    do {
      return try connection.inDatabase { database in
        let tokenizer = try Self.tokenizer(database)
        return texts.map { Self.stems(in: $0, tokenizer) }
      }
    } catch {
      throw .database(SQLError(kind: .other, message: "a text cannot be tokenized: \(error)"))
    }
  }

  private static func tokenizer(_ database: Database) throws -> any FTS5Tokenizer {
    try database.makeTokenizer(.porter(wrapping: .unicode61(diacritics: .remove)))
  }

  /// What the callback of the tokenizer is given.
  private struct Collected {
    let text: UnsafePointer<UInt8>
    var stems: [UInt64] = []
  }

  /// Stop words as hashes of their letters. They are looked for before words are stemmed: "us" is one, and "used" has
  /// the same stem.
  private static let stopWords = Set(
    stopWordTexts.map { word in
      word.utf8.reduce(into: StableHash()) { $0.combine($1) }.value
    })

  private static func stems(in text: String, _ tokenizer: any FTS5Tokenizer) -> [UInt64] {
    var text = text
    return text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return [] }
      var collected = Collected(text: start)
      withUnsafeMutablePointer(to: &collected) { collected in
        // SAFETY: the callback runs before `tokenize` returns, while `collected` and `bytes` are valid; the
        // tokenizer reads `bytes.count` bytes, whatever they hold, and names places among them.
        _ = start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
          tokenizer.tokenize(
            context: collected, tokenization: .document, pText: text,
            nText: CInt(clamping: bytes.count)
          ) { context, _, token, count, from, to in
            guard let context, let token else { return 0 }
            let collected = context.assumingMemoryBound(to: Collected.self)
            var word = StableHash()
            for place in Int(from)..<Int(to) {
              let byte = collected.pointee.text[place]
              word.combine((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
            if TextAnalyzer.stopWords.contains(word.value) { return 0 }
            var stem = StableHash()
            for index in 0..<Int(count) {
              stem.combine(UInt8(bitPattern: token[index]))
            }
            collected.pointee.stems.append(stem.value)
            return 0
          }
        }
      }
      return collected.stems
    }
  }
}
