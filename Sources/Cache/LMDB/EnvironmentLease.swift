/// A claim on an open environment. Whoever runs a transaction holds one, so that the environment
/// cannot be closed under it.
final class EnvironmentLease: Sendable {
  let environment: Environment
  /// Whether this lease's opening made the environment's file.
  let isNew: Bool
  /// Whether this lease's opening opened the environment in this process.
  let isFirst: Bool

  /// For ``EnvironmentRegistry`` only.
  init(environment: Environment, isNew: Bool, isFirst: Bool) {
    self.environment = environment
    self.isNew = isNew
    self.isFirst = isFirst
  }

  deinit { EnvironmentRegistry.release(environment) }
}
