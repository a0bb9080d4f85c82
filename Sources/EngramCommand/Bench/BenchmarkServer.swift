internal import Foundation
internal import RemoteStore

/// `engram serve --hrana` on a memory of its own, for as long as it is measured.
struct BenchmarkServer: ~Copyable {
  let url: String
  private var process: ChildProcess

  private static let secondsMax = 60.0

  static func databasePath(in folder: String) -> String { folder + "/primary/engram.db" }

  /// - Parameter folder: in which its home is made.
  init(folder: String) throws {
    let port = try Self.freePort()
    // None of this process's settings are the server's.
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ENGRAM_") }
    environment["XDG_CONFIG_HOME"] = folder
    let process = try ChildProcess(
      MCPProgram.usual(for: .user, environment: environment),
      [
        "serve", "--hrana", "--port", "\(port)", "--rate-limit", "0", "--home",
        folder + "/primary",
      ], environment: environment)
    self.process = process
    url = "http://127.0.0.1:\(port)"
  }

  /// Returns when it answers.
  func wait(for probe: RemoteProbe) async throws {
    let end = ContinuousClock.now + .seconds(Self.secondsMax)
    while true {
      do {
        return try await probe.roundTrip()
      } catch {
        guard ContinuousClock.now < end else {
          throw CommandFailure("the server that is to be measured does not answer: \(error)")
        }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  mutating func stop() { process.stop() }

  /// One that is free now.
  private static func freePort() throws -> UInt16 {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // SAFETY: sockaddr_in is a sockaddr of family AF_INET, and the pointers live for the calls.
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isBound else { throw CommandFailure("there is no free port on this machine") }
    return UInt16(bigEndian: address.sin_port)
  }
}
