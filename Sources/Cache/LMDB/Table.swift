import CLMDB

/// A named table of an environment; valid as long as the environment is open.
struct Table: Sendable {
  let name: String
  let handle: MDB_dbi
}
