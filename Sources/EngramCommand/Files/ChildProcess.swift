#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A running program whose output is read through a pipe.
///
/// No shell comes between: arguments reach the program as they are. Its input is empty, and what it
/// says on standard error is kept for the message when it fails. A process that is given up is
/// ended.
struct ChildProcess: ~Copyable {
  /// How a program ended.
  struct Ending: Sendable {
    /// The exit status, or 128 and the signal's number.
    var status: Int32
    /// The start of what it said on standard error.
    var message: String
  }

  private static let messageBytesMax = 4096

  private let identifier: pid_t
  private let messages: Int32
  private var output: Int32
  private var isWaitedFor = false

  /// Starts the program `tool`, looked for in `PATH`.
  ///
  /// - Throws: ``FileError`` when there is no such program or no room for a process.
  init(_ tool: String, _ arguments: [String], environment: [String: String]) throws(FileError) {
    let started = try Self.start(tool, arguments, environment: environment)
    identifier = started.identifier
    output = started.output
    messages = started.messages
  }

  deinit {
    if output >= 0 { close(output) }
    if !isWaitedFor {
      kill(identifier, SIGTERM)
      _ = Self.status(of: identifier)
    }
    close(messages)
  }

  /// The program's output; to be taken once.
  mutating func takeOutput() -> InputFile {
    defer { output = -1 }
    return InputFile(owning: output, path: "a pipe")
  }

  /// Waits for the end of the program, whose output has been read to its end.
  mutating func wait() -> Ending {
    isWaitedFor = true
    let status = Self.status(of: identifier)
    var buffer = [UInt8](repeating: 0, count: Self.messageBytesMax)
    // SAFETY: reads at most the size of the array, into the array.
    let count = buffer.withUnsafeMutableBytes { pread(messages, $0.baseAddress, $0.count, 0) }
    return Ending(
      status: status, message: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
  }

  /// Asks the program to end, and waits until it has.
  mutating func stop() {
    kill(identifier, SIGTERM)
    _ = wait()
  }

  /// Runs a program to its end and gives all of its output, which must be small.
  static func run(
    _ tool: String, _ arguments: [String], environment: [String: String]
  ) throws(FileError) -> (output: [UInt8], ending: Ending) {
    var process = try ChildProcess(tool, arguments, environment: environment)
    let file = process.takeOutput()
    var output: [UInt8] = []
    try file.forEachChunk { output.append(contentsOf: $0) }
    return (output, process.wait())
  }

  private static func status(of identifier: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 {
      guard errno == EINTR else { return -1 }
    }
    // The layout of the status that the macros WIFEXITED and WEXITSTATUS take apart.
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  private static func start(
    _ tool: String, _ arguments: [String], environment: [String: String]
  ) throws(FileError) -> (identifier: pid_t, output: Int32, messages: Int32) {
    let messages = try temporaryFile()
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let error = FileError.last(.open, path: tool)
      close(messages)
      throw error
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO)
    // A program that ignores SIGPIPE would go on writing after its reader is gone.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // SAFETY: the copies of the strings live until the call returns and are freed once; both lists
    // end with a null pointer.
    let argumentCopies = ([tool] + arguments).map { strdup($0) } + [nil]
    let environmentCopies = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for copy in argumentCopies + environmentCopies { free(copy) } }
    var identifier: pid_t = 0
    let code = posix_spawnp(
      &identifier, tool, &actions, &attributes, argumentCopies, environmentCopies)
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      close(messages)
      throw FileError(.open, path: tool, code: code)
    }
    return (identifier, ends[0], messages)
  }

  /// A file without a name, which goes away when it is closed.
  private static func temporaryFile() throws(FileError) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = folder + "/engram-messages-XXXXXX"
    var template = Array(path.utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError.last(.create, path: path) }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }
}
