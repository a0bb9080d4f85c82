/// What a program's settings have it run as the hook: `/usr/bin/engram hook --namespace shop`.
struct HookCommandText {
  /// For a shell.
  let text: String
  private let program: String

  /// Tells a hook of this program from those of others, where the program's name does not: a comment to the shell.
  private static let mark = " # engram"

  init(program: String, arguments: [String]) {
    self.program = program
    let words = ([program, "hook"] + arguments).map(Self.shellWord).joined(separator: " ")
    text = Self.isNamedEngram(program) ? words : words + Self.mark
  }

  /// Whether `other` is a hook of this program, in which only one may be: one that calls `engram`, a version of it
  /// (`engram-nightly`), the same program as this one, or that was installed for a program with any name.
  ///
  /// Where it is called together with other programs the command is the user's. Where its output goes changes nothing.
  func isReplacing(_ other: String) -> Bool {
    let isMarked = other.hasSuffix(Self.mark)
    guard
      let words = Self.words(of: isMarked ? String(other.dropLast(Self.mark.count)) : other),
      let index = words.firstIndex(of: "hook"), index > 0
    else { return false }
    let called = words[index - 1]
    return isMarked || called == program || Self.isNamedEngram(called)
  }

  /// `engram`, and with a version or the like behind it.
  private static func isNamedEngram(_ program: String) -> Bool {
    guard let name = program.split(separator: "/").last, name.hasPrefix("engram") else {
      return false
    }
    guard let next = name.utf8.dropFirst(6).first else { return true }
    return "-_.".utf8.contains(next) || (0x30...0x39).contains(next)
  }

  /// The words of a single command, without their quotes; nil where a shell would run several, or nothing.
  private static func words(of command: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var last: Character = " "
    var rest = command[...]
    while let sign = rest.popFirst() {
      defer { last = sign }
      switch sign {
      case quote:
        quote = nil
        continue
      case "'" where quote == nil, "\"" where quote == nil:
        quote = sign
        word = word ?? ""
        continue
      case "`" where quote != "'": return nil
      case "\\" where quote != "'":
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
        continue
      case ";" where quote == nil, "|" where quote == nil: return nil
      // Of "2>&1" and "&>file" it is no command's end.
      case "&" where quote == nil && last != ">" && last != "<" && rest.first != ">": return nil
      case _ where quote == nil && sign.isNewline: return nil
      case _ where quote == nil && sign.isWhitespace:
        if let ended = word { words.append(ended) }
        word = nil
        continue
      default: word = (word ?? "") + String(sign)
      }
    }
    guard quote == nil else { return nil }
    if let word { words.append(word) }
    return words
  }

  /// A word as a shell reads it.
  private static func shellWord(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
