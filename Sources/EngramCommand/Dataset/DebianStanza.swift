/// The fields of one package in a Debian control file. Source of the format: deb-control(5).
struct DebianStanza {
  private var fields: [String: String] = [:]
  private var last = ""

  subscript(name: String) -> String? { fields[name] }

  /// Takes in a line: a field, or with white space before it the next line of the last one.
  mutating func add(_ line: String) {
    if line.first == " " || line.first == "\t" {
      fields[last]?.append("\n" + line)
    } else if let colon = line.firstIndex(of: ":") {
      last = String(line[..<colon])
      fields[last] = line[line.index(after: colon)...].trimmed
    }
  }

  /// The first line of the description and the rest of it, in English.
  var description: (short: String, long: String?)? {
    guard let text = fields["Description"] ?? fields["Description-en"] else { return nil }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let short = lines.removeFirst().trimmed
    guard !short.isEmpty else { return nil }
    // Lines stand behind one space, and a lone dot is an empty line.
    let long = lines.map { $0 == " ." ? "" : String($0.dropFirst()) }
      .joined(separator: "\n").trimmed
    return (short, long.isEmpty ? nil : long)
  }
}
