internal import GRDB

/// Takes texts apart into the stems of their words, as the store's full-text index does.
///
/// Words are what the tokenizer `porter unicode61 remove_diacritics 2` of SQLite makes of a text; words that
/// tell no text from another (`the`, `was`, `who`) are left out. A stem is returned as a 64-bit hash (FNV-1a):
/// of a million stems two are alike with a chance of 3·10⁻⁸.
///
/// Thread-safe; callers take turns.
public final class TextAnalyzer: Sendable {
  /// A database in memory, without a table: tokenizers are had from a connection only.
  private let connection: DatabaseQueue
  private let stopStems: Set<UInt64>

  /// - Throws: ``DurableStoreError`` where SQLite was built without FTS5.
  public init() throws(DurableStoreError) {
    do {
      connection = try DatabaseQueue()
      stopStems = try connection.inDatabase { database in
        Set(try Self.stems(in: TextQuery.stopWords.joined(separator: " "), database))
      }
    } catch {
      throw .database(SQLError(kind: .other, message: "no full-text tokenizer: \(error)"))
    }
  }

  /// The stems of the words of each text, in their order.
  ///
  /// - Complexity: linear in the bytes of the texts.
  public func terms(of texts: [String]) throws(DurableStoreError) -> [[UInt64]] {
    do {
      let stems = try connection.inDatabase { database in
        let tokenizer = try Self.tokenizer(database)
        return texts.map { Self.stems(in: $0, tokenizer) }
      }
      return stems.map { $0.filter { !stopStems.contains($0) } }
    } catch {
      throw .database(SQLError(kind: .other, message: "a text cannot be tokenized: \(error)"))
    }
  }

  private static func tokenizer(_ database: Database) throws -> any FTS5Tokenizer {
    try database.makeTokenizer(.porter(wrapping: .unicode61(diacritics: .remove)))
  }

  private static func stems(in text: String, _ database: Database) throws -> [UInt64] {
    stems(in: text, try tokenizer(database))
  }

  private static func stems(in text: String, _ tokenizer: any FTS5Tokenizer) -> [UInt64] {
    var text = text
    var stems: [UInt64] = []
    text.withUTF8 { bytes in
      guard let start = bytes.baseAddress else { return }
      withUnsafeMutablePointer(to: &stems) { stems in
        // SAFETY: the callback runs before `tokenize` returns, while `stems` and `bytes` are valid; the
        // tokenizer reads `bytes.count` bytes, whatever they hold.
        _ = start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
          tokenizer.tokenize(
            context: stems, tokenization: .document, pText: text, nText: CInt(clamping: bytes.count)
          ) { context, _, token, count, _, _ in
            guard let context, let token else { return 0 }
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for index in 0..<Int(count) {
              hash = (hash ^ UInt64(UInt8(bitPattern: token[index]))) &* 0x0000_0100_0000_01b3
            }
            context.assumingMemoryBound(to: [UInt64].self).pointee.append(hash)
            return 0
          }
        }
      }
    }
    return stems
  }
}
