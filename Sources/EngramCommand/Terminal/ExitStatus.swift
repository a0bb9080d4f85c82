public import Interchange

/// How the command ends: the number its caller sees.
///
/// Beyond 0 and 1 the numbers are those of BSD's `sysexits`, so that a script can tell a wrong
/// command line from a bad file and from a full disk.
public enum ExitStatus: Int32, Hashable, Sendable, CaseIterable {
  /// The command did what it was asked.
  case success = 0
  /// It did not, for a reason that no other number tells; also a check that failed.
  case failure = 1
  /// The command line is wrong.
  case usage = 64
  /// Input is not in the format or breaks a rule.
  case badData = 65
  /// Input is not there or may not be read.
  case missingInput = 66
  /// A program or service that is needed is not available.
  case unavailable = 69
  /// A file cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed on the way.
  case inputOutput = 74

  /// The status for `error`: its own if it has one, otherwise ``failure``.
  public init(_ error: any Error) {
    self = (error as? any ExitStatusProviding)?.exitStatus ?? .failure
  }

  /// One line for the help text of commands.
  public var explanation: String {
    switch self {
    case .success: "done"
    case .failure: "failed, or a check did not pass"
    case .usage: "wrong command line"
    case .badData: "input is not in the format or breaks a rule"
    case .missingInput: "input is not there or may not be read"
    case .unavailable: "a program or service that is needed is not available"
    case .cannotCreate: "a file cannot be created"
    case .inputOutput: "reading or writing failed"
    }
  }
}

/// An error that knows with which status the command ends.
public protocol ExitStatusProviding: Error {
  var exitStatus: ExitStatus { get }
}

extension FileError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    switch operation {
    case .open: .missingInput
    case .create, .rename: .cannotCreate
    case .read, .write, .map: isNotRegular ? .badData : .inputOutput
    }
  }
}

extension VectorFileError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    if case .file(let error) = cause { error.exitStatus } else { .badData }
  }
}

extension EpisodeLineError: ExitStatusProviding {
  public var exitStatus: ExitStatus { .badData }
}

extension GitHistoryError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    switch self {
    case .gitUnavailable: .unavailable
    case .noFolder, .notRepository, .untrusted, .unknownRevision: .missingInput
    case .failed, .unexpectedOutput: .failure
    }
  }
}
