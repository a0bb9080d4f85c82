/// Settings with which the server does not start.
public struct HTTPSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  public var problem: String

  public init(problem: String) { self.problem = problem }

  public var description: String { problem }
}
