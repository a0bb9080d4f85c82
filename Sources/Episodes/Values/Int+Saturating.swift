extension Int {
  /// The sum, or the largest or smallest number where it would be beyond: stored counts can be anything.
  func saturating(plus other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}
