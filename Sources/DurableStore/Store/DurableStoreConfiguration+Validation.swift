internal import Episodes

extension DurableStoreConfiguration {
  /// The longest time that can be asked for: about 31 years. Longer ones, and what is no number, cannot be
  /// added to a time.
  private static let secondsMax = 1e9

  /// Refuses numbers that no clock can wait for.
  ///
  /// - Throws: `ValidationError` that names the value.
  func validate() throws(ValidationError) {
    let times: [(field: String, seconds: Double)] = [
      ("busyTimeoutSeconds", busyTimeoutSeconds),
      ("pool.waitSecondsMax", pool.waitSecondsMax),
      ("pool.connectSecondsMax", pool.connectSecondsMax),
      ("pool.idleSecondsMax", pool.idleSecondsMax),
      ("pool.vacuumSecondsMax", pool.vacuumSecondsMax),
      ("breaker.openSeconds", breaker.openSeconds),
      ("retries.initialSeconds", retries.initialSeconds),
      ("retries.secondsMax", retries.secondsMax),
    ]
    for (field, seconds) in times {
      try Self.check(seconds, within: 0...Self.secondsMax, "seconds", field: field)
    }
    try Self.check(retries.multiplier, within: 1...1e6, "", field: "retries.multiplier")
    try Self.check(retries.jitter, within: 0...1, "", field: "retries.jitter")
    let counts: [(field: String, count: Int, least: Int)] = [
      ("pool.connectionsMax", pool.connectionsMax, 2),
      ("pool.idleMin", pool.idleMin, 0),
      ("breaker.failuresToOpen", breaker.failuresToOpen, 1),
      ("breaker.successesToClose", breaker.successesToClose, 1),
      ("breaker.probesMax", breaker.probesMax, 1),
      ("retries.retriesMax", retries.retriesMax, 0),
    ]
    for (field, count, least) in counts where count < least {
      throw ValidationError(
        field: "store.\(field)", problem: "is \(count)", expected: "\(least) or more")
    }
  }

  private static func check(
    _ number: Double, within range: ClosedRange<Double>, _ unit: String, field: String
  ) throws(ValidationError) {
    // What is no number lies in no range.
    guard !range.contains(number) else { return }
    let most = Int(range.upperBound)
    throw ValidationError(
      field: "store.\(field)", problem: "is \(number)",
      expected: "\(Int(range.lowerBound)) to \(most)" + (unit.isEmpty ? "" : " \(unit)"))
  }
}
