package import Episodes

/// One JSON object a line, of a known shape.
package enum ShapedLine {
  /// Reads the value in `bytes` and checks its shape.
  ///
  /// - Parameters:
  ///   - line: its number, for the error.
  ///   - expected: what a line is, for the error.
  /// - Throws: ``EpisodeLineError``.
  /// - Complexity: linear in the number of bytes.
  package static func value(
    of bytes: UnsafeRawBufferPointer, shape: JSONShape, line: Int, expected: String
  ) throws(EpisodeLineError) -> JSONValue {
    if let problem = encodingProblem(bytes) {
      throw EpisodeLineError(
        line: line, problem: problem, advice: "expected one JSON object in UTF-8")
    }
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONReader.value(of: bytes)
    } catch {
      throw EpisodeLineError(
        line: line, problem: "column \(error.column): \(error.problem)", advice: expected)
    }
    do throws(JSONShape.Mismatch) {
      try shape.check(value)
    } catch {
      throw EpisodeLineError(
        line: line, field: error.path.isEmpty ? nil : error.path, problem: error.problem,
        advice: error.advice)
    }
    return value
  }

  private static func encodingProblem(_ bytes: UnsafeRawBufferPointer) -> String? {
    // What is given now and then in place of an export.
    if bytes.starts(with: "SQLite format 3\0".utf8) {
      return "begins an SQLite database, which 'engram store restore' takes if it is a backup"
    }
    // All but the rarest lines are plain ASCII, which needs no more than this.
    if !bytes.contains(where: { $0 >= 0x80 }) { return nil }
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    return isUTF16 ? "is UTF-16" : "is not valid UTF-8"
  }
}
