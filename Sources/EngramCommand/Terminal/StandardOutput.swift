// Its `stdout` is a variable only to C, which never sets it again.
@preconcurrency internal import Foundation

/// Standard output, whose errors are not lost.
enum StandardOutput {
  /// Prints a line and sees to it that it is out.
  ///
  /// - Throws: ``CommandFailure`` where it cannot be written, such as on a full disk.
  static func printLine(_ line: String) throws {
    print(line)
    try flush()
  }

  /// Writes what is held back.
  ///
  /// - Throws: ``CommandFailure`` if that, or anything printed before, could not be written.
  static func flush() throws {
    guard fflush(stdout) == 0 else {
      throw failure(": " + String(cString: strerror(errno)))
    }
    // Of what failed before only the fact is kept.
    guard ferror(stdout) == 0 else { throw failure("") }
  }

  private static func failure(_ reason: String) -> CommandFailure {
    CommandFailure("standard output cannot be written" + reason, status: .inputOutput)
  }
}
