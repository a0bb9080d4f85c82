#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What is at the other end of standard output and standard error.
public enum Terminal {
  /// Whether standard error is a terminal that can rewrite a line.
  public static var isErrorInteractive: Bool {
    guard isatty(STDERR_FILENO) == 1, let name = getenv("TERM") else { return false }
    return String(cString: name) != "dumb"
  }

  /// Whether standard output is a terminal.
  public static var isOutputInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

  /// The width of the terminal on standard error in columns; 80 when it tells none.
  public static var columns: Int {
    var size = winsize()
    // SAFETY: the call fills in the structure that it is made for.
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// The width of the terminal on standard output in columns; nil where that is a file or a pipe, or the terminal
  /// tells none.
  public static var outputColumns: Int? {
    guard isOutputInteractive else { return nil }
    var size = winsize()
    // SAFETY: the call fills in the structure that it is made for.
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes `text` to standard error as it is.
  public static func writeError(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      // SAFETY: pointer and count are those of one array slice.
      let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      // Nothing can be said about messages that cannot be written.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

extension Terminal {
  /// Writes `line` and a line feed to standard error.
  public static func writeLine(_ line: String) { writeError(line + "\n") }
}
