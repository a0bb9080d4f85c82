internal import Episodes

/// Changes fields of a JSON text, and leaves all else in it as it is: order, blanks, spelling, comments.
struct JSONTextEditor {
  private struct Member {
    var name: String
    /// Where its name begins.
    var start: Int
    var value: Range<Int>
  }

  /// The text as it is.
  private var written: [UInt8]
  /// The same without comments, in which it is looked: what stands in both stands at the same place.
  private var bytes: [UInt8]
  private let unit: String

  /// - Parameter text: valid JSON whose root is an object, with comments or without.
  init(_ text: String) {
    written = Array(text.utf8)
    bytes = JSONComments.blanked(written)
    // As the file is indented already. Bytes: to Swift CR and LF are one character.
    let indent = bytes.split(separator: 0x0A).lazy.map { $0.prefix { $0 == 0x20 || $0 == 0x09 } }
      .first { !$0.isEmpty }
    unit = indent.map { String(decoding: $0, as: UTF8.self) } ?? "  "
  }

  var text: String { String(decoding: written, as: UTF8.self) }

  private mutating func replace(_ range: Range<Int>, with text: String) {
    bytes.replaceSubrange(range, with: text.utf8)
    written.replaceSubrange(range, with: text.utf8)
  }

  /// Sets the field at `path`; objects on the way to it are made where they are missing.
  mutating func set(_ path: [String], _ value: JSONValue) {
    var start = skipSpace(0)
    for (level, name) in path.enumerated() {
      let isLast = level == path.count - 1
      let (members, end) = members(from: start)
      if let member = members.first(where: { $0.name == name }) {
        if isLast {
          let old = String(decoding: bytes[member.value], as: UTF8.self)
          if (try? JSONReader.value(of: old)) != value {
            replace(member.value, with: Self.text(of: value))
          }
          return
        }
        start = member.value.lowerBound
      } else {
        let inserted = isLast ? Self.text(of: value) : "{}"
        let head = Self.text(of: .string(name)) + ": "
        let at = insert(head + inserted, members, objectAt: start, end: end, level: level)
        if isLast { return }
        start = at + head.utf8.count
      }
    }
  }

  /// - Returns: where the inserted text begins.
  private mutating func insert(
    _ member: String, _ members: [Member], objectAt start: Int, end: Int, level: Int
  ) -> Int {
    var before: String
    var after = ""
    let range: Range<Int>
    if let last = members.last {
      let line = bytes[..<last.start].lastIndex(of: 0x0A).map { bytes[($0 + 1)..<last.start] }
      let isOwnLine = line.map { $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } } ?? false
      before =
        isOwnLine ? ",\n" + String(decoding: line ?? [], as: UTF8.self) : ", "
      range = last.value.upperBound..<last.value.upperBound
    } else {
      before = "\n" + String(repeating: unit, count: level + 1)
      after = "\n" + String(repeating: unit, count: level)
      // Comments in an object without members stay.
      let isBlank = written[(start + 1)..<end].allSatisfy { $0 <= 0x20 }
      range = (start + 1)..<(isBlank ? end : start + 1)
      if !isBlank { after = "" }
    }
    if bytes.contains(0x0D) {
      before = before.replacing("\n", with: "\r\n")
      after = after.replacing("\n", with: "\r\n")
    }
    replace(range, with: before + member + after)
    return range.lowerBound + before.utf8.count
  }

  private static func text(of value: JSONValue) -> String {
    if case .array(let values) = value {
      return "[" + values.map { text(of: $0) }.joined(separator: ", ") + "]"
    }
    return JSONWriter.text(of: value)
  }

  /// The members of the object that begins at `start`, and where its closing brace is.
  private func members(from start: Int) -> (members: [Member], end: Int) {
    var members: [Member] = []
    var position = skipSpace(start + 1)
    while position < bytes.count, bytes[position] != UInt8(ascii: "}") {
      let nameStart = position
      let nameEnd = skipValue(position)
      let name =
        (try? JSONReader.value(of: String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)))
        .flatMap { if case .string(let text) = $0 { text } else { nil } } ?? ""
      // The colon.
      let valueStart = skipSpace(skipSpace(nameEnd) + 1)
      let valueEnd = skipValue(valueStart)
      members.append(Member(name: name, start: nameStart, value: valueStart..<valueEnd))
      position = skipSpace(valueEnd)
      if position < bytes.count, bytes[position] == UInt8(ascii: ",") {
        position = skipSpace(position + 1)
      }
    }
    return (members, position)
  }

  private func skipSpace(_ position: Int) -> Int {
    var position = position
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    return position
  }

  /// Where the value that begins at `start` ends.
  private func skipValue(_ start: Int) -> Int {
    var position = start
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
          position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
        if depth == 0 { return min(position, bytes.count) }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // The end of what a number or a word stands in.
        if depth == 0 { return position }
        depth -= 1
        if depth == 0 { return position + 1 }
      case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
        if depth == 0 { return position }
      default: break
      }
      position += 1
    }
    return position
  }
}
