/// A read transaction that was reset: it reads nothing, holds no snapshot, and begins again faster
/// than a new one, because it has its place in the table of readers.
struct IdleReader: @unchecked Sendable {
  // SAFETY: a reset transaction is used by whoever took it out of the gate alone, and MDB_NOTLS
  // lets any thread do so.
  let handle: OpaquePointer
}
