internal import GRDBSQLite

/// Which statements a connection compiles: SQLite asks for each thing that one would do.
///
/// Other files stay out of reach: no ATTACH, which VACUUM needs too, and no extensions. Pragmas that change how the
/// connection works are refused, and so are temporary tables, which would fill memory or the disk and stay behind
/// on a connection that is used again.
final class StatementPolicy {
  private let access: HranaAccess
  private let keptByTriggers: Set<String>
  /// Whether the statement that was compiled last inserts, updates or deletes by itself.
  private(set) var changesRows = false
  /// What the latest refusal was about.
  private(set) var refused: String?
  /// Whether the statement drops or alters a table, for which SQLite keeps `sqlite_sequence` itself.
  private var changesTables = false

  /// Modules of which clients make tables. The older full-text ones take addresses as tokenizers, and others show what
  /// belongs to no client.
  private static let modules: Set<String> = ["fts5", "rtree", "rtree_i32"]
  /// Functions that load code, or take and give addresses of it.
  private static let refusedFunctions: Set<String> = ["load_extension", "fts3_tokenizer"]
  /// Raw pages, addresses of code, and what clients before have run on the connection.
  private static let refusedTables: Set<String> = ["sqlite_dbpage", "fts3tokenize", "sqlite_stmt"]

  init(access: HranaAccess, keptByTriggers: Set<String>) {
    self.access = access
    self.keptByTriggers = keptByTriggers
  }

  func begin() {
    changesRows = false
    changesTables = false
    refused = nil
  }

  /// - Parameters:
  ///   - action: of SQLite's authorizer, as are the names after it.
  ///   - database: `main`, or `temp` for what stays on the connection.
  ///   - trigger: the trigger or view through which it would be done.
  func allows(
    _ action: Int32, _ first: String?, _ second: String?, database: String?, trigger: String?
  ) -> Bool {
    let isOfData = action == SQLITE_READ || action == SQLITE_SELECT
    // SQLite looks for a renamed table in temporary views and triggers too.
    let isRenaming =
      changesTables && action == SQLITE_UPDATE
      && ["sqlite_temp_master", "sqlite_temp_schema"].contains(first?.lowercased() ?? "")
    let isAllowed =
      (isOfData || isRenaming || database?.lowercased() != "temp")
      && isAllowed(action, first, second, trigger: trigger)
    if !isAllowed { refused = [first, second].compactMap(\.self).joined(separator: " ") }
    return isAllowed
  }

  private func isAllowed(
    _ action: Int32, _ first: String?, _ second: String?, trigger: String?
  ) -> Bool {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE, SQLITE_TRANSACTION, SQLITE_SAVEPOINT:
      return !Self.refusedTables.contains(first?.lowercased() ?? "")
    case SQLITE_FUNCTION: return !Self.refusedFunctions.contains(second?.lowercased() ?? "")
    case SQLITE_PRAGMA: return allowsPragma(first?.lowercased() ?? "", hasArgument: second != nil)
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
      guard let table = first?.lowercased() else { return false }
      // Asked for when a table-valued function is used first; SQLite itself refuses any other.
      if action == SQLITE_UPDATE, table == "sqlite_master" || table == "sqlite_schema" {
        return true
      }
      guard access == .readWrite, !Self.refusedTables.contains(table) else { return false }
      // Numbers of the log that are given twice would be missed by whoever follows it.
      if table == "sqlite_sequence" { return changesTables }
      // Statements of the schema write its tables.
      if trigger == nil, !table.hasPrefix("sqlite_") { changesRows = true }
      return trigger != nil || action == SQLITE_DELETE || !keptByTriggers.contains(table)
    case SQLITE_CREATE_VTABLE:
      return access == .readWrite && Self.modules.contains(second?.lowercased() ?? "")
    case SQLITE_DROP_TABLE, SQLITE_ALTER_TABLE:
      changesTables = true
      return access == .readWrite
    case SQLITE_CREATE_INDEX, SQLITE_CREATE_TABLE, SQLITE_CREATE_TRIGGER, SQLITE_CREATE_VIEW,
      SQLITE_DROP_INDEX, SQLITE_DROP_TRIGGER, SQLITE_DROP_VIEW, SQLITE_DROP_VTABLE, SQLITE_REINDEX,
      SQLITE_ANALYZE:
      return access == .readWrite
    default: return false
    }
  }

  /// Pragmas that tell of tables, with or without a name.
  private static let ofTables: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
    "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check",
  ]

  /// Pragmas that only tell, as long as they get no value.
  private static let telling: Set<String> = [
    "application_id", "collation_list", "compile_options", "data_version", "encoding",
    "foreign_keys", "freelist_count", "function_list", "journal_mode", "module_list", "page_count",
    "page_size", "pragma_list", "query_only", "schema_version", "synchronous", "user_version",
  ]

  private func allowsPragma(_ name: String, hasArgument: Bool) -> Bool {
    if Self.ofTables.contains(name) { return true }
    if name == "defer_foreign_keys" { return access == .readWrite }
    return Self.telling.contains(name) && !hasArgument
  }
}
