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

  init(access: HranaAccess, keptByTriggers: Set<String>) {
    self.access = access
    self.keptByTriggers = keptByTriggers
  }

  func begin() {
    changesRows = false
    refused = nil
  }

  /// - Parameters:
  ///   - action: of SQLite's authorizer, as are the names after it.
  ///   - trigger: the trigger or view through which it would be done.
  func allows(_ action: Int32, _ first: String?, _ second: String?, trigger: String?) -> Bool {
    let isAllowed = isAllowed(action, first, second, trigger: trigger)
    if !isAllowed { refused = [first, second].compactMap(\.self).joined(separator: " ") }
    return isAllowed
  }

  private func isAllowed(
    _ action: Int32, _ first: String?, _ second: String?, trigger: String?
  ) -> Bool {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE, SQLITE_TRANSACTION, SQLITE_SAVEPOINT:
      // Raw pages.
      return first != "sqlite_dbpage"
    case SQLITE_FUNCTION: return second?.lowercased() != "load_extension"
    case SQLITE_PRAGMA: return allowsPragma(first?.lowercased() ?? "", hasArgument: second != nil)
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
      guard access == .readWrite, let table = first?.lowercased(), table != "sqlite_dbpage" else {
        return false
      }
      // Statements of the schema write its tables.
      if trigger == nil, !table.hasPrefix("sqlite_") { changesRows = true }
      return trigger != nil || action == SQLITE_DELETE || !keptByTriggers.contains(table)
    case SQLITE_CREATE_INDEX, SQLITE_CREATE_TABLE, SQLITE_CREATE_TRIGGER, SQLITE_CREATE_VIEW,
      SQLITE_CREATE_VTABLE, SQLITE_DROP_INDEX, SQLITE_DROP_TABLE, SQLITE_DROP_TRIGGER,
      SQLITE_DROP_VIEW, SQLITE_DROP_VTABLE, SQLITE_ALTER_TABLE, SQLITE_REINDEX, SQLITE_ANALYZE:
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
