internal import Episodes

/// Text from elsewhere, made fit for a terminal.
public enum TerminalText {
  /// `text` with control characters replaced by visible escapes, so that it cannot move the cursor,
  /// change colours or break the line it stands in.
  public static func printable(_ text: String) -> String { PrintableText.line(text) }

  /// How many columns of a terminal `text` takes: two for the wide characters of East Asia and for
  /// emoji, one for others.
  public static func columns(_ text: String) -> Int {
    text.reduce(0) { count, character in
      guard let scalar = character.unicodeScalars.first else { return count }
      if scalar.properties.isEmojiPresentation { return count + 2 }
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x20000...0x3FFFD:
        return count + 2
      default: return count + 1
      }
    }
  }

  /// `text` cut to `columns` columns; an ellipsis stands for what was cut.
  public static func truncated(_ text: String, columns: Int) -> String {
    guard self.columns(text) > columns else { return text }
    guard columns > 0 else { return "" }
    var result = ""
    var used = 1
    for character in text {
      used += self.columns(String(character))
      if used > columns { break }
      result.append(character)
    }
    return result + "…"
  }

  /// `text` in lines of at most `columns` columns, broken between words; every line but the first begins with
  /// `indent` blanks. A word that is longer than a line is cut.
  public static func wrapped(_ text: String, columns: Int, indent: Int) -> String {
    guard self.columns(text) > columns, columns > indent + 10 else { return text }
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    var isEmpty = true
    // Blanks within a line, such as between a name and what it is, stay.
    for word in text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      let longer = isEmpty ? line + word : line + " " + word
      if isEmpty || self.columns(longer) <= columns {
        line = truncated(longer, columns: columns)
      } else {
        lines.append(String(line.reversed().drop { $0 == " " }.reversed()))
        line = truncated(margin + word, columns: columns)
      }
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
