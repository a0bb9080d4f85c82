package import Episodes

extension DurableStoreConfiguration {
  /// - Throws: ``ValidationError`` naming the first field whose seconds are no length of time.
  package func validate() throws(ValidationError) {
    for (field, seconds) in [
      ("busyTimeoutSeconds", busyTimeoutSeconds),
      ("pool.waitSecondsMax", pool.waitSecondsMax),
      ("pool.connectSecondsMax", pool.connectSecondsMax),
      ("pool.idleSecondsMax", pool.idleSecondsMax),
      ("breaker.openSeconds", breaker.openSeconds),
      ("retries.initialSeconds", retries.initialSeconds),
      ("retries.secondsMax", retries.secondsMax),
    ] {
      try ValidationError.requireSeconds(seconds, field: field)
    }
  }
}
