extension Migration {
  /// The log of changes is kept by the database itself, whoever writes to it.
  static let version6 = Migration(version: 6, statements: changeLog)

  /// A cache follows the log by its numbers: one that is left out, changed, or given twice it would never carry. A log
  /// that is trimmed from its front it notices, and is filled anew.
  private static let changeLog = [
    """
    CREATE TRIGGER changes_trimmed BEFORE DELETE ON changes
    WHEN OLD.sequence > (SELECT min(sequence) FROM changes)
    BEGIN
      SELECT RAISE(ABORT, 'the log of changes can be trimmed from its front only');
    END
    """,
    """
    CREATE TRIGGER changes_rewritten BEFORE UPDATE ON changes
    BEGIN
      SELECT RAISE(ABORT, 'the log of changes cannot be changed');
    END
    """,
    // The statement's own rows are in the table, and not yet in `sqlite_sequence`.
    """
    CREATE TRIGGER changes_numbered AFTER INSERT ON changes
    WHEN NEW.sequence <> 1 + max(
      coalesce((SELECT max(sequence) FROM changes WHERE sequence < NEW.sequence), 0),
      coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0))
    BEGIN
      SELECT RAISE(ABORT, 'the number of a change is the one after the last');
    END
    """,
  ]
}
