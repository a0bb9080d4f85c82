internal import FoundationEssentials

/// Runs `git` on one repository, shielded from the settings of the user and of the repository that
/// would change its output or run other programs.
struct GitTool {
  let path: String
  private let environment: [String: String]

  init(repository path: String, environment: [String: String]? = nil) {
    self.path = path.hasPrefix("-") ? "./" + path : path
    self.environment = Self.shielded(environment ?? ProcessInfo.processInfo.environment)
  }

  /// The variables that git may see: none that choose another repository or trace into its output.
  private static func shielded(_ environment: [String: String]) -> [String: String] {
    let kept = ["GIT_CONFIG", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH", "GIT_TEST_"]
    var result = environment.filter { name, _ in
      !name.hasPrefix("GIT_") || kept.contains(where: { name.hasPrefix($0) })
    }
    // Messages are compared with English ones.
    result["LC_ALL"] = "C"
    result["GIT_OPTIONAL_LOCKS"] = "0"
    result["GIT_TERMINAL_PROMPT"] = "0"
    result["GIT_NO_LAZY_FETCH"] = "1"
    return result
  }

  private func arguments(_ command: [String]) -> [String] {
    [
      "--no-pager", "-C", path, "-c", "protocol.allow=never", "-c", "core.fsmonitor=false",
      "-c", "log.showRoot=true", "-c", "diff.relative=false", "-c", "diff.orderFile=/dev/null",
    ] + command
  }

  /// Starts a command whose output is read as it comes.
  func start(_ command: [String]) throws(GitHistoryError) -> ChildProcess {
    do throws(FileError) {
      return try ChildProcess("git", arguments(command), environment: environment)
    } catch {
      throw .gitUnavailable(error)
    }
  }

  /// Runs a command with little output.
  ///
  /// - Returns: what it wrote, without the last line feed.
  func run(_ command: [String]) throws(GitHistoryError) -> String {
    let result: (output: [UInt8], ending: ChildProcess.Ending)
    do throws(FileError) {
      result = try ChildProcess.run("git", arguments(command), environment: environment)
    } catch {
      throw .gitUnavailable(error)
    }
    try check(result.ending)
    let bytes = result.output.last == 0x0A ? result.output.dropLast() : result.output[...]
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Turns a failed command's message into an error.
  func check(_ ending: ChildProcess.Ending) throws(GitHistoryError) {
    guard ending.status != 0 else { return }
    if ending.message.contains("dubious ownership")
      || ending.message.contains("unsafe repository")
    {
      throw .untrusted(path: path)
    }
    if ending.message.contains("not a git repository") { throw .notRepository(path: path) }
    let line = ending.message.split(separator: "\n").first.map(String.init) ?? "no message"
    throw .failed(status: ending.status, message: TerminalText.printable(line))
  }
}
