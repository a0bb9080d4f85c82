extension ValidationError {
  /// Refuses what is no length of time. Any other number can be waited for: one beyond a hundred years is one of
  /// a hundred years, see `Duration.seconds(bounding:)`.
  ///
  /// - Parameter field: the path of the field.
  package static func requireSeconds(
    _ seconds: Double?, field: String, mayBeZero: Bool = true
  ) throws(ValidationError) {
    // Comparisons with NaN are false.
    guard let seconds, !(mayBeZero ? seconds >= 0 : seconds > 0) else { return }
    throw ValidationError(
      field: field, problem: "\(seconds) is no length of time",
      expected: mayBeZero ? "seconds, 0 or more" : "seconds, more than 0")
  }
}
