/// A failure of a command that is not one of the memory: the message and the exit status.
struct CommandFailure: Error, CustomStringConvertible {
  var message: String
  var status: ExitStatus

  init(_ message: String, status: ExitStatus = .failure) {
    self.message = message
    self.status = status
  }

  var description: String { message }

  /// Runs `body`; its errors say which option they come from, and end with the same status.
  static func naming<Result>(_ option: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw CommandFailure("\(option): \(error)", status: ExitStatus(error))
    }
  }
}
