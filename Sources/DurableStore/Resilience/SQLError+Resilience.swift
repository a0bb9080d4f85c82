extension SQLError {
  /// Whether the error says that the backend is not in order, so that it counts for the breaker.
  ///
  /// Counted: another process held the database longer than the busy time-out; reading or writing the
  /// file failed; the file cannot be opened; a server cannot be reached.
  ///
  /// Not counted: a full disk, which says so at once and takes writes again as soon as there is room; a
  /// rule of the schema was broken, the statement is wrong, the call was cancelled, the store was closed;
  /// the file is damaged or no database, which no waiting mends; and no connection was free, which this
  /// program's own load does.
  var countsAsFailure: Bool {
    switch kind {
    case .busy, .inputOutput, .cannotOpen, .unreachable: true
    case .uniqueViolation, .foreignKeyViolation, .constraintViolation, .notADatabase, .corrupt,
      .diskFull, .readOnly, .cancelled, .closed, .poolExhausted, .circuitOpen, .other:
      false
    }
  }

  /// Whether the end of the call says nothing about the backend, good or bad.
  var saysNothing: Bool {
    switch kind {
    case .cancelled, .closed, .poolExhausted, .circuitOpen: true
    default: false
    }
  }

  /// Whether trying again may help.
  ///
  /// - Parameter isWrite: a write that may have been applied is not tried again, because it would be
  ///   applied twice.
  func isWorthRetrying(isWrite: Bool) -> Bool {
    countsAsFailure && !(isWrite && mayHaveBeenApplied)
  }
}
