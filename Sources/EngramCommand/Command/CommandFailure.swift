/// A failure of a command that is not one of the memory: the message and the exit status.
struct CommandFailure: Error, CustomStringConvertible {
  var message: String
  var status: ExitStatus

  init(_ message: String, status: ExitStatus = .failure) {
    self.message = message
    self.status = status
  }

  var description: String { message }
}
