import HranaSessions
import HranaTestSupport

extension Database {
  /// Runs `body` with a server of the database, which ends with it.
  func withServer(_ body: (_ port: Int) async throws -> Void) async throws {
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = HranaServer(
      service: service, access: { _ in .readWrite }, onRunning: { told.yield($0) })
    let running = Task { try await server.run() }
    var port = 0
    for await found in ports {
      port = found
      break
    }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(port))
    } catch {
      result = .failure(error)
    }
    running.cancel()
    _ = await running.result
    try result.get()
  }
}
