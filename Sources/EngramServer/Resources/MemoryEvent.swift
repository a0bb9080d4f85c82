/// Something that became different in the memory.
enum MemoryEvent: Hashable, Sendable {
  case changed(ResourceURI)
  /// Resources were added or taken away.
  case listChanged
  /// More changed than is known.
  case anything
}
