/// The space an environment takes.
struct EnvironmentSpace: Hashable, Sendable {
  var fileBytes: Int
  var mapBytes: Int
  /// Bytes up to the end of the last page ever used.
  var lastPageBytes: Int
  var readersMax: Int
  /// Places of the table of readers used at some time, by all processes.
  var readerPlacesUsed: Int
}
