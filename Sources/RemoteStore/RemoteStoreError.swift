/// Why a database elsewhere cannot be used. It never shows a token.
public struct RemoteStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  public var problem: String

  init(_ problem: String) { self.problem = problem }

  public var description: String { problem }
}
