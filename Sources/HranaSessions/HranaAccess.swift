/// What whoever asks may do.
public enum HranaAccess: Hashable, Sendable {
  /// Reads. The connection is opened for reading only, and the statements are checked besides.
  case readOnly
  /// Reads and writes of the one database, its schema included.
  case readWrite
}
