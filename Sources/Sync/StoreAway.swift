internal import DurableStore

/// The durable store cannot be reached now.
public struct StoreAway: Error, Sendable, CustomStringConvertible {
  /// Why, in a sentence without a full stop.
  public var problem: String
  public var underlying: (any Error)?

  public init(problem: String, underlying: (any Error)? = nil) {
    self.problem = problem
    self.underlying = underlying
  }

  public var description: String {
    "the durable store is away: \(problem); searches and reads go on from the cache, writes are refused "
      + "until it is back"
  }

  /// Whether an error of the store means that the store itself cannot be used at the moment, rather
  /// than that it refused what was asked of it.
  public static func isMeant(by error: any Error) -> Bool {
    if error is StoreAway { return true }
    guard let error = error as? DurableStoreError else { return false }
    switch error {
    case .cannotOpen, .notADatabase: return true
    case .database(let error):
      switch error.kind {
      case .uniqueViolation, .foreignKeyViolation, .constraintViolation, .cancelled,
        .poolExhausted, .other:
        return false
      default: return true
      }
    default: return false
    }
  }
}
