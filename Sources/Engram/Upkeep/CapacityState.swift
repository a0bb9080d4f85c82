internal import Episodes

/// What a memory knows of its limits between two looks at the store, and the accesses not noted there yet.
struct CapacityState {
  /// Nil before the first look.
  var limits: CapacityLimits?
  /// When they were looked at, in seconds of a clock that only goes on.
  var lookedAt: Double = 0
  /// How many episodes may be added before they have to be counted.
  var headroom = 0
  /// The same for each namespace under a limit of its own; those that are not known are counted.
  private(set) var namespaceHeadrooms: [String: Int] = [:]
  var evicted = EvictionReport()
  var accesses: [String: Timestamp] = [:]

  /// Seconds after which the limits are looked at again: another process may have set them.
  static let limitsSeconds = 10.0
  /// The most namespaces of which the headroom is known.
  static let namespacesMax = 1024
  /// The most accesses that are held back.
  static let accessesMax = 256

  /// Takes episodes that were added to a namespace off what may be added before it has to be counted.
  ///
  /// - Returns: false where it has to be counted.
  mutating func takeHeadroom(_ added: Int, of namespace: String) -> Bool {
    guard let left = namespaceHeadrooms[namespace], added <= left else { return false }
    namespaceHeadrooms[namespace] = left - added
    return true
  }

  mutating func setHeadroom(_ headroom: Int, of namespace: String) {
    if namespaceHeadrooms.count >= Self.namespacesMax, namespaceHeadrooms[namespace] == nil {
      namespaceHeadrooms = [:]
    }
    namespaceHeadrooms[namespace] = headroom
  }

  /// Forgets what was counted: the limits are others.
  mutating func dropHeadrooms() {
    headroom = 0
    namespaceHeadrooms = [:]
  }
}
