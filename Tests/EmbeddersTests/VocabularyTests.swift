import Foundation
import Testing

@testable import Embedders

@Suite("WordPiece")
struct VocabularyTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let markers = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"

  private func encode(_ text: String, vocabulary: String, countMax: Int = 256) throws -> [Int32] {
    let path = try folder.write((Self.markers + vocabulary).utf8, to: "vocab.txt")
    var ids: [Int32] = []
    let count = try WordPieceTokenizer(vocabularyPath: path).encode(
      text, countMax: countMax, into: &ids)
    #expect(count == ids.count)
    return ids
  }

  @Test("A word is cut into the longest pieces from its start")
  func longestPieces() throws {
    let vocabulary = "a\nab\nabc\n##c\n##cd\n##d\ncd\né\n##é\n中\n##"
    #expect(try encode("ab abcd abcc cd", vocabulary: vocabulary) == [2, 6, 7, 10, 7, 8, 11, 3])
    #expect(try encode("ABCD", vocabulary: vocabulary) == [2, 7, 10, 3])
    // Accents go before a word is looked up, so that é is never found.
    #expect(try encode("é", vocabulary: vocabulary) == [2, 1, 3])
    #expect(try encode("a中cd", vocabulary: vocabulary) == [2, 5, 14, 11, 3])
  }

  @Test("A word with any unknown rest is unknown as a whole, as is one of more than 100 letters")
  func unknownWords() throws {
    #expect(try encode("abx ab", vocabulary: "ab\n##b") == [2, 1, 5, 3])
    let hundred = String(repeating: "b", count: 100)
    #expect(try encode(hundred, vocabulary: "b\n##b").count == 102)
    #expect(try encode(hundred + "b", vocabulary: "b\n##b") == [2, 1, 3])
  }

  @Test("Ids beyond the limit are cut off, and the mark of the end stays")
  func limit() throws {
    #expect(try encode("a a a a", vocabulary: "a", countMax: 4) == [2, 5, 5, 3])
    #expect(try encode("aaaa", vocabulary: "a\n##a", countMax: 4) == [2, 5, 6, 3])
    #expect(try encode("a[MASK]a", vocabulary: "a", countMax: 3) == [2, 5, 3])
    #expect(try encode("a", vocabulary: "a", countMax: 2) == [2, 3])
  }

  @Test(
    "A file that is no vocabulary is refused with the cause",
    arguments: [
      ("", "lacks the token [UNK]", "[PAD]\nx\n"), ("a\nb\na\n", "line 8 repeats", markers),
      ("a\n\nb\n", "line 7 has 0 bytes", markers),
      (String(repeating: "x", count: 300), "line 6 has 300 bytes", markers),
    ])
  func refuses(vocabulary: String, cause: String, markers: String) throws {
    let path = try folder.write((markers + vocabulary).utf8, to: "vocab.txt")
    let error = #expect(throws: ModelFileError.self) {
      _ = try WordPieceTokenizer(vocabularyPath: path)
    }
    #expect(error?.description.contains(cause) == true, "\(String(describing: error))")
  }

  @Test("A file with more tokens than ids have bits for is refused")
  func tooMany() throws {
    let lines = (0...Vocabulary.countMax).map { "w\($0)\n" }.joined()
    let path = try folder.write(lines.utf8, to: "vocab.txt")
    let error = #expect(throws: ModelFileError.self) { _ = try Vocabulary(path: path) }
    #expect(error?.problem == "has more than 32768 lines")
  }

  @Test("A vocabulary of another model is refused")
  func wrongCount() throws {
    let model = try MiniLMModel.locate()
    _ = try folder.write((Self.markers + "a\n").utf8, to: "vocab.txt")
    let weights = folder.url.appending(path: "model.safetensors")
    try folder.link(weights, to: model.weightsPath)
    let error = #expect(throws: ModelFileError.self) {
      _ = try MiniLMEmbedder(model: MiniLMModel(directory: folder.path))
    }
    #expect(error?.problem == "has 6 tokens; expected 30522")
  }
}
