import Episodes

/// Text that is not JSON, or not the JSON its column holds.
struct JSONTextError: Error {
  var problem: String
}

/// Reads the JSON of a column.
enum JSONTextReader {
  /// The deepest nesting taken; SQLite's own functions and Foundation's decoder take a little more.
  static let depthMax = EpisodeLimits.parameterDepthMax

  static func parse(_ text: String) throws(JSONTextError) -> JSONValue {
    do {
      return try JSONReader.value(of: text, depthMax: depthMax, allowsRepeatedFields: true)
    } catch {
      throw JSONTextError(problem: "not JSON: \(error.problem) at byte \(error.column)")
    }
  }
}
