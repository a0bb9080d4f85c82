/// BERT's uncased tokenizer: text to the ids of word pieces, as Hugging Face's `tokenizers` gives
/// them for the model's `tokenizer.json`.
struct WordPieceTokenizer: Sendable {
  /// A longer word is unknown.
  static let wordScalarCountMax = 100

  let vocabulary: Vocabulary
  private let unknownID: Int32
  private let startID: Int32
  private let endID: Int32
  /// Tokens that are taken from a text as they stand, before anything else is done to it.
  private let markers: [(text: [UInt8], id: Int32)]

  /// - Throws: ``ModelFileError`` if the vocabulary cannot be read or lacks a marker.
  init(vocabularyPath path: String) throws(ModelFileError) {
    let vocabulary = try Vocabulary(path: path)
    func id(_ token: String) throws(ModelFileError) -> Int32 {
      guard let id = vocabulary.id(of: token) else {
        throw ModelFileError(path: path, problem: "lacks the token \(token)")
      }
      return Int32(id)
    }
    self.vocabulary = vocabulary
    unknownID = try id("[UNK]")
    startID = try id("[CLS]")
    endID = try id("[SEP]")
    var markers: [(text: [UInt8], id: Int32)] = []
    for marker in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] {
      markers.append((Array(marker.utf8), try id(marker)))
    }
    self.markers = markers
  }

  /// Appends the ids of a text, with the marks of its start and end, to `ids`.
  ///
  /// - Parameter countMax: how many ids are kept, both marks among them; at least 2.
  /// - Returns: how many ids were appended.
  /// - Complexity: O(bytes of the text that are needed for `countMax` ids).
  func encode(_ text: String, countMax: Int, into ids: inout [Int32]) -> Int {
    let start = ids.count
    ids.append(startID)
    var text = text
    text.withUTF8 { bytes in
      var pass = Pass(tokenizer: self, limit: start + countMax - 1)
      pass.run(over: UnsafeRawBufferPointer(bytes), into: &ids)
    }
    ids.append(endID)
    return ids.count - start
  }
}

extension WordPieceTokenizer {
  /// One walk over one text.
  private struct Pass {
    let tokenizer: WordPieceTokenizer
    /// How many ids there may be before the mark of the end.
    let limit: Int
    /// UTF-8 of the word so far; no more of it than a known word can have.
    var word: [UInt8] = []
    var wordScalarCount = 0

    init(tokenizer: WordPieceTokenizer, limit: Int) {
      self.tokenizer = tokenizer
      self.limit = limit
      word.reserveCapacity(4 * wordScalarCountMax)
    }

    mutating func run(over bytes: UnsafeRawBufferPointer, into ids: inout [Int32]) {
      var position = 0
      while position < bytes.count, ids.count < limit {
        let byte = bytes[position]
        if byte == UInt8(ascii: "["), let marker = marker(at: position, of: bytes) {
          endWord(into: &ids)
          if ids.count < limit { ids.append(marker.id) }
          position += marker.text.count
        } else if byte < 0x80 {
          take(BertNormalizer.outcome(of: UInt32(byte)), into: &ids)
          position += 1
        } else {
          let (scalar, count) = Self.decode(bytes, at: position)
          take(BertNormalizer.outcome(of: scalar), into: &ids)
          position += count
        }
      }
      endWord(into: &ids)
    }

    private func marker(
      at position: Int, of bytes: UnsafeRawBufferPointer
    ) -> (text: [UInt8], id: Int32)? {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      return tokenizer.markers.first { rest.starts(with: $0.text) }
    }

    private mutating func take(_ outcome: BertNormalizer.Outcome, into ids: inout [Int32]) {
      switch outcome {
      case .removed: break
      case .space: endWord(into: &ids)
      case .ideograph(let scalar):
        endWord(into: &ids)
        append(scalar)
        endWord(into: &ids)
      case .text(let first, let second, let third):
        takeNormalized(first, into: &ids)
        if second != 0 { takeNormalized(second, into: &ids) }
        if third != 0 { takeNormalized(third, into: &ids) }
      }
    }

    private mutating func takeNormalized(_ scalar: UInt32, into ids: inout [Int32]) {
      guard BertNormalizer.isPunctuation(scalar) else { return append(scalar) }
      endWord(into: &ids)
      append(scalar)
      endWord(into: &ids)
    }

    private mutating func append(_ scalar: UInt32) {
      wordScalarCount += 1
      guard wordScalarCount <= wordScalarCountMax else { return }
      if scalar < 0x80 {
        word.append(UInt8(scalar))
      } else if let scalar = Unicode.Scalar(scalar) {
        word.append(contentsOf: UTF8.encode(scalar)!)
      }
    }

    /// Splits the word into the longest pieces from its start; all of it is unknown if a rest
    /// starts with no piece.
    private mutating func endWord(into ids: inout [Int32]) {
      guard wordScalarCount > 0 else { return }
      defer {
        word.removeAll(keepingCapacity: true)
        wordScalarCount = 0
      }
      let start = ids.count
      var isKnown = wordScalarCount <= wordScalarCountMax
      if isKnown {
        word.withUnsafeBytes { bytes in
          var position = 0
          while position < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            guard
              let token = tokenizer.vocabulary.longestToken(
                startingOf: rest, continuesWord: position > 0)
            else {
              isKnown = false
              return
            }
            ids.append(Int32(token.id))
            position += token.byteCount
          }
        }
      }
      if !isKnown {
        ids.removeLast(ids.count - start)
        ids.append(tokenizer.unknownID)
      }
      if ids.count > limit { ids.removeLast(ids.count - limit) }
    }

    /// A code point of more than one byte; a String's bytes are valid UTF-8.
    private static func decode(
      _ bytes: UnsafeRawBufferPointer, at position: Int
    ) -> (scalar: UInt32, byteCount: Int) {
      let count = bytes[position] < 0xE0 ? 2 : bytes[position] < 0xF0 ? 3 : 4
      var scalar = UInt32(bytes[position]) & (0x7F >> UInt32(count))
      for index in 1..<count { scalar = scalar << 6 | UInt32(bytes[position + index] & 0x3F) }
      return (scalar, count)
    }
  }
}
