/// Reads the Python dictionary of a NumPy header: strings, truth values and tuples of whole numbers.
struct NumPyHeaderFields {
  var descr: String?
  var fortranOrder: Bool?
  var shape: [Int]?

  mutating func parse(_ text: String) throws(VectorFileError.Cause) {
    var rest = Substring(text)
    try Self.expect("{", &rest)
    while !Self.skip("}", &rest) {
      let key = try Self.string(&rest)
      try Self.expect(":", &rest)
      switch key {
      case "descr":
        guard !Self.skip("[", &rest) else {
          throw .unsupported("holds records of several fields; expected plain numbers")
        }
        descr = try Self.string(&rest)
      case "fortran_order": fortranOrder = try Self.truth(&rest)
      case "shape": shape = try Self.tuple(&rest)
      default: throw .badHeader("has an unknown field '\(key.prefix(40))'")
      }
      if !Self.skip(",", &rest) {
        try Self.expect("}", &rest)
        break
      }
    }
    Self.skipSpace(&rest)
    guard rest.isEmpty else { throw .badHeader("goes on after its dictionary") }
  }

  private static func skipSpace(_ rest: inout Substring) {
    rest = rest.drop(while: \.isWhitespace)
  }

  private static func skip(_ character: Character, _ rest: inout Substring) -> Bool {
    skipSpace(&rest)
    guard rest.first == character else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func expect(
    _ character: Character, _ rest: inout Substring
  ) throws(VectorFileError.Cause) {
    guard skip(character, &rest) else {
      throw .badHeader("'\(character)' is missing before '\(rest.prefix(20))'")
    }
  }

  private static func string(_ rest: inout Substring) throws(VectorFileError.Cause) -> String {
    skipSpace(&rest)
    guard let quote = rest.first, quote == "'" || quote == "\"",
      let end = rest.dropFirst().firstIndex(of: quote)
    else { throw .badHeader("a string is missing before '\(rest.prefix(20))'") }
    let text = String(rest[rest.index(after: rest.startIndex)..<end])
    rest = rest[rest.index(after: end)...]
    return text
  }

  private static func truth(_ rest: inout Substring) throws(VectorFileError.Cause) -> Bool {
    skipSpace(&rest)
    for (word, value) in [("False", false), ("True", true)] where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count)
      return value
    }
    throw .badHeader("'fortran_order' is neither True nor False")
  }

  private static func tuple(_ rest: inout Substring) throws(VectorFileError.Cause) -> [Int] {
    try expect("(", &rest)
    var values: [Int] = []
    while !skip(")", &rest) {
      skipSpace(&rest)
      let figures = rest.prefix(while: { $0.isASCII && $0.isNumber })
      guard let value = Int(figures), values.count < 32 else {
        throw .badHeader("'shape' is not a tuple of whole numbers")
      }
      values.append(value)
      rest = rest.dropFirst(figures.count)
      // Python 2 marked long integers.
      _ = skip("L", &rest)
      if !skip(",", &rest) {
        try expect(")", &rest)
        break
      }
    }
    return values
  }
}
