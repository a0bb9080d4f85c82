internal import Synchronization

/// Lets each address make so many requests in a second: a bucket of tokens for each, refilled over time.
final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var filledAt: ContinuousClock.Instant
  }

  private let perSecond: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  /// Addresses that are remembered; those that have been quiet are forgotten first.
  private static let addressesMax = 10_000

  /// - Parameter perSecond: 0 for any number.
  init(perSecond: Int) { self.perSecond = Double(perSecond) }

  /// Takes a request of an address.
  ///
  /// - Returns: false when it has made too many.
  func allows(_ address: String, at now: ContinuousClock.Instant = .now) -> Bool {
    guard perSecond > 0 else { return true }
    return buckets.withLock { buckets in
      if buckets.count >= Self.addressesMax, buckets[address] == nil {
        buckets = buckets.filter { now - $0.value.filledAt < .seconds(1) }
        // So many at once are no single address's doing: nobody new is let in until some are quiet.
        if buckets.count >= Self.addressesMax { return false }
      }
      var bucket = buckets[address] ?? Bucket(tokens: perSecond, filledAt: now)
      let seconds = (now - bucket.filledAt) / .seconds(1)
      bucket.tokens = min(perSecond, bucket.tokens + max(0, seconds) * perSecond)
      bucket.filledAt = max(now, bucket.filledAt)
      let isAllowed = bucket.tokens >= 1
      if isAllowed { bucket.tokens -= 1 }
      buckets[address] = bucket
      return isAllowed
    }
  }
}
