internal import DurableStore
internal import Episodes
internal import Sync

extension MemoryConfiguration {
  /// - Throws: ``ValidationError`` naming the first field whose seconds are no length of time.
  func validate() throws(ValidationError) {
    try ValidationError.requireSeconds(
      cache.timeToLiveSeconds, field: "cache.timeToLiveSeconds", mayBeZero: false)
    try ValidationError.requireSeconds(
      cache.sweepIntervalSeconds, field: "cache.sweepIntervalSeconds", mayBeZero: false)
    try ValidationError.requireSeconds(
      sync.searchWaitSecondsMax, field: "sync.searchWaitSecondsMax")
    try ValidationError.requireSeconds(
      sync.retries.firstSeconds, field: "sync.retries.firstSeconds")
    try ValidationError.requireSeconds(sync.retries.secondsMax, field: "sync.retries.secondsMax")
    do throws(ValidationError) {
      try store.validate()
    } catch {
      throw ValidationError(
        field: "store." + error.field, problem: error.problem, expected: error.expected)
    }
  }
}
