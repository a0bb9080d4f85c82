import CLMDB
import VectorMath

/// A named table of an environment; valid as long as the environment is open.
struct Table: Sendable {
  let name: String
  let handle: MDB_dbi
  /// Stands for the table in checksums.
  let tag: UInt32

  init(name: String, handle: MDB_dbi) {
    self.name = name
    self.handle = handle
    tag = Array(name.utf8).withUnsafeBytes { CRC32C.checksum(of: $0) }
  }
}
