/// The tokens of a WordPiece model, looked up in the mapped bytes of its `vocab.txt`.
///
/// One pass over the file fills an open-addressing table; no string is made. A dictionary of
/// 30,522 strings would take longer to fill than a whole search may take.
struct Vocabulary: Sendable {
  /// An id takes 16 bits of a slot, where 0 means empty; the table stays at most half full.
  static let countMax = slotCount / 2
  private static let slotCount = 1 << 16
  private static let tokenByteCountLimit = 256

  /// A token without its `##`, as it lies in the file.
  private struct Token {
    var start: UInt32
    var count: UInt16
    var continuesWord: Bool
  }

  private let file: MappedFile
  private var tokens: [Token] = []
  /// Upper half: that of the token's hash; lower half: its id + 1.
  private var slots = [UInt32](repeating: 0, count: slotCount)
  private var tokenByteCountMax = 0

  var count: Int { tokens.count }

  /// - Throws: ``ModelFileError`` if the file cannot be read, or is not a list of different tokens.
  /// - Complexity: O(size of the file).
  init(path: String) throws(ModelFileError) {
    file = try MappedFile(path: path)
    let bytes = file.bytes
    tokens.reserveCapacity(Self.countMax)
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end &+= 1 }
      try append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), at: start)
      start = end + 1
    }
  }

  private mutating func append(
    _ line: UnsafeRawBufferPointer, at start: Int
  ) throws(ModelFileError) {
    let lineNumber = count + 1
    guard (1...Self.tokenByteCountLimit).contains(line.count), start <= UInt32.max - 2 else {
      throw ModelFileError(
        path: file.path,
        problem: "line \(lineNumber) has \(line.count) bytes; expected a token of 1 to 256")
    }
    guard count < Self.countMax else {
      throw ModelFileError(path: file.path, problem: "has more than \(Self.countMax) lines")
    }
    let continuesWord = line.count > 2 && line.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "#")])
    let text = continuesWord ? UnsafeRawBufferPointer(rebasing: line[2...]) : line
    var hash = Hash(continuesWord: continuesWord)
    for byte in text { hash.combine(byte) }
    let (slot, id) = find(hash, text, continuesWord: continuesWord)
    if let id {
      throw ModelFileError(
        path: file.path, problem: "line \(lineNumber) repeats the token of line \(id + 1)")
    }
    slots[slot] = hash.value & 0xFFFF_0000 | UInt32(count + 1)
    tokens.append(
      Token(
        start: UInt32(start + (continuesWord ? 2 : 0)), count: UInt16(text.count),
        continuesWord: continuesWord))
    tokenByteCountMax = max(tokenByteCountMax, text.count)
  }

  /// The id of a whole token, nil if there is none such.
  func id(of token: String) -> Int? {
    var token = token
    return token.withUTF8 { text in
      var hash = Hash(continuesWord: false)
      for byte in text { hash.combine(byte) }
      return find(hash, UnsafeRawBufferPointer(text), continuesWord: false).id
    }
  }

  /// The longest token that `text` starts with, nil if there is none.
  ///
  /// - Parameters:
  ///   - text: UTF-8 of the rest of a word; not empty.
  ///   - continuesWord: whether the rest is not the word's start.
  /// - Complexity: O(length of the longest token of the vocabulary).
  func longestToken(
    startingOf text: UnsafeRawBufferPointer, continuesWord: Bool
  ) -> (id: Int, byteCount: Int)? {
    var result: (id: Int, byteCount: Int)?
    var hash = Hash(continuesWord: continuesWord)
    for end in 1...min(text.count, tokenByteCountMax) {
      hash.combine(text[end - 1])
      let splitsScalar = end < text.count && text[end] & 0xC0 == 0x80
      if splitsScalar { continue }
      let head = UnsafeRawBufferPointer(rebasing: text[..<end])
      if let id = find(hash, head, continuesWord: continuesWord).id { result = (id, end) }
    }
    return result
  }

  /// The slot of a token and its id, or the slot where it would go.
  private func find(
    _ hash: Hash, _ text: UnsafeRawBufferPointer, continuesWord: Bool
  ) -> (slot: Int, id: Int?) {
    let value = hash.value
    var slot = Int(value & 0xFFFF)
    while slots[slot] != 0 {
      let id = Int(slots[slot] & 0xFFFF) - 1
      if slots[slot] >> 16 == value >> 16 {
        let token = tokens[id]
        let start = Int(token.start)
        if token.continuesWord == continuesWord, Int(token.count) == text.count,
          file.bytes[start..<start + text.count].elementsEqual(text)
        {
          return (slot, id)
        }
      }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return (slot, nil)
  }
}

extension Vocabulary {
  /// FNV-1a, which grows byte by byte with the prefix of a word; finished by a mix, for its upper
  /// and lower halves are used apart.
  private struct Hash {
    private var state: UInt32

    init(continuesWord: Bool) {
      state = continuesWord ? 0x5BD1_E995 : 0x811C_9DC5
    }

    mutating func combine(_ byte: UInt8) {
      state = (state ^ UInt32(byte)) &* 16_777_619
    }

    var value: UInt32 {
      let mixed = (state ^ state >> 16) &* 0x85EB_CA6B
      return mixed ^ mixed >> 15
    }
  }
}
