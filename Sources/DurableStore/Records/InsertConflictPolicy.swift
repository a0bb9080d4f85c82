/// What happens to an episode whose id is stored already.
public enum InsertConflictPolicy: Hashable, Sendable {
  /// The stored one stays.
  case ignore
  /// The new one takes its place, wholly.
  case replace
  /// Nothing of the batch is stored.
  case fail
}
