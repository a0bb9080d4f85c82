internal import Episodes
internal import Sync

extension MemoryConfiguration {
  /// Refuses times that nobody can wait for; those of the durable store are checked when it is opened.
  ///
  /// - Throws: ``ValidationError`` that names the field.
  func validate() throws(ValidationError) {
    try capacity?.validate()
    try ValidationError.requireSeconds(
      cache.timeToLiveSeconds, field: "cache.timeToLiveSeconds", least: 1e-9)
    try ValidationError.requireSeconds(
      cache.sweepIntervalSeconds, field: "cache.sweepIntervalSeconds", least: 0.001)
    try ValidationError.requireSeconds(
      sync.searchWaitSecondsMax, field: "sync.searchWaitSecondsMax")
    try ValidationError.requireSeconds(sync.stalenessSeconds, field: "sync.stalenessSeconds")
    try ValidationError.requireSeconds(
      sync.validationWaitSeconds, field: "sync.validationWaitSeconds")
    try ValidationError.requireSeconds(
      sync.retries.firstSeconds, field: "sync.retries.firstSeconds")
    try ValidationError.requireSeconds(sync.retries.secondsMax, field: "sync.retries.secondsMax")
    guard (1...1e6).contains(sync.retries.factor) else {
      throw ValidationError(
        field: "sync.retries.factor", problem: "is \(sync.retries.factor)",
        expected: "a number from 1 to 1000000")
    }
    guard (0...1).contains(sync.retries.jitter) else {
      throw ValidationError(
        field: "sync.retries.jitter", problem: "is \(sync.retries.jitter)",
        expected: "a share from 0 to 1")
    }
    try retrieval.validate()
    guard (-1...1).contains(weakSimilarity) else {
      throw ValidationError(
        field: "weakSimilarity", problem: "is \(weakSimilarity)", expected: "a number from -1 to 1")
    }
    try learning.validate()
    try sealing.validate()
  }
}
