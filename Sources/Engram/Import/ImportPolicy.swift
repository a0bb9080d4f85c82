/// What an import does with an episode whose id is stored already.
public enum ImportPolicy: Hashable, Sendable {
  /// The stored one stays.
  case keepStored
  /// One whose outcome differs is replaced.
  case replaceChanged
}
