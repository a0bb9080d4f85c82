/// A history that cannot be read: what is wrong and what to do about it.
public enum GitHistoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The `git` tool cannot be started.
  case gitUnavailable(FileError)
  /// There is no folder at the path.
  case noFolder(path: String)
  /// The folder is neither a repository nor inside one.
  case notRepository(path: String)
  /// Git refuses a repository that belongs to another user.
  case untrusted(path: String)
  /// The repository has no such branch, tag or commit.
  case unknownRevision(String)
  /// Git failed for another reason.
  case failed(status: Int32, message: String)
  /// Git wrote something that is not in the format asked for.
  case unexpectedOutput(String)

  public var description: String {
    switch self {
    case .gitUnavailable(let error):
      "git cannot be started: \(error); install it, for example with 'apt-get install git'"
    case .noFolder(let path):
      "'\(path)' is not a folder; expected the folder of a Git repository"
    case .notRepository(let path):
      "'\(path)' is not a Git repository; expected a folder with a repository in it"
    case .untrusted(let path):
      "Git refuses '\(path)' because it belongs to another user; if you trust it, run: "
        + "git config --global --add safe.directory '\(path)'"
    case .unknownRevision(let name):
      "'\(name)' is not a branch, tag or commit of the repository"
    case .failed(let status, let message): "git failed (status \(status)): \(message)"
    case .unexpectedOutput(let what): "git wrote what was not asked for: \(what)"
    }
  }
}
