extension ValidationError {
  /// Refuses what nobody can wait for: what is negative, no number, or beyond a thousand million seconds, which
  /// are 31 years.
  ///
  /// - Parameters:
  ///   - field: the path of the field.
  ///   - least: the fewest seconds.
  package static func requireSeconds(
    _ seconds: Double?, field: String, least: Double = 0
  ) throws(ValidationError) {
    // What is no number lies in no range.
    guard let seconds, !(least...1e9).contains(seconds) else { return }
    throw ValidationError(
      field: field, problem: "is \(seconds)", expected: "\(least) to 1000000000 seconds")
  }
}
