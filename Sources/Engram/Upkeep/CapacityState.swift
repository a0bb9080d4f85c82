internal import Episodes

/// What a memory knows of its limits between two looks at the store, and the accesses not noted there yet.
struct CapacityState {
  /// Nil before the first look.
  var limits: CapacityLimits?
  /// When they were looked at, in seconds of a clock that only goes on.
  var lookedAt: Double = 0
  /// How many episodes may be added before they have to be counted.
  var headroom = 0
  var evicted = EvictionReport()
  var accesses: [String: Timestamp] = [:]

  /// Seconds after which the limits are looked at again: another process may have set them.
  static let limitsSeconds = 10.0
  /// The most accesses that are held back.
  static let accessesMax = 256
}
