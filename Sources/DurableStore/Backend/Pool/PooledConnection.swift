/// A connection that one caller at a time uses.
protocol PooledConnection: AnyObject, Sendable {
  /// Whether it may be handed out again.
  var isUsable: Bool { get }

  func close()
}
