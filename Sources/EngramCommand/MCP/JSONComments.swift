/// Comments and commas before a closing bracket, which VS Code and others allow in their JSON.
enum JSONComments {
  /// `bytes` with blanks in the place of both: strict JSON, in which all else stands where it stood.
  static func blanked(_ bytes: [UInt8]) -> [UInt8] {
    var result = bytes
    /// Where a comma stands that nothing but blanks have followed.
    var comma: Int?
    var position = 0
    while position < result.count {
      switch result[position] {
      case UInt8(ascii: "\""):
        position = endOfText(result, from: position)
        comma = nil
        continue
      case UInt8(ascii: "/"):
        let end = endOfComment(bytes, from: position)
        if end > position {
          for place in position..<end where bytes[place] != 0x0A && bytes[place] != 0x0D {
            result[place] = 0x20
          }
          position = end
          continue
        }
        comma = nil
      case UInt8(ascii: ","): comma = position
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if let comma { result[comma] = 0x20 }
        comma = nil
      case 0x20, 0x09, 0x0A, 0x0D: break
      default: comma = nil
      }
      position += 1
    }
    return result
  }

  private static func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
    var position = start + 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(position + 1, bytes.count)
  }

  /// `start` where no comment begins, or one that does not end.
  private static func endOfComment(_ bytes: [UInt8], from start: Int) -> Int {
    guard start + 1 < bytes.count else { return start }
    switch bytes[start + 1] {
    case UInt8(ascii: "/"):
      return bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
    case UInt8(ascii: "*"):
      var position = start + 2
      while position + 1 < bytes.count {
        if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
          return position + 2
        }
        position += 1
      }
      return start
    default: return start
    }
  }
}
