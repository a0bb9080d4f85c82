import DurableStore
import HranaSessions
import HranaTestSupport
import Synchronization

@testable import RemoteStore

/// A backend whose requests meet faults on their way.
enum FaultyWire {
  /// Runs `body` with a backend whose requests meet faults, and the database behind them.
  static func withProxy(
    pool: PoolConfiguration = PoolConfiguration(), requestSeconds: Double = 60,
    signSeconds: Double = 3, limits change: (inout HranaLimits) -> Void = { _ in },
    fault: @escaping @Sendable () -> CuttingProxy.Fault,
    _ body: (RemoteBackend, Database) async throws -> Void
  ) async throws {
    let database = try Database {
      $0.busySeconds = 30
      change(&$0)
    }
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = HranaServer(
      service: database.service, access: { _ in .readWrite }, onRunning: { told.yield($0) })
    let running = Task { try await server.run() }
    var port = 0
    for await found in ports {
      port = found
      break
    }
    let proxy = CuttingProxy(to: port, fault: fault)
    var configuration = try RemoteStoreConfiguration(
      url: DatabaseURL("http://127.0.0.1:\(proxy.port)"), token: .none)
    configuration.requestSeconds = requestSeconds
    let backend = RemoteBackend(configuration, pool: pool, signSeconds: signSeconds)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(backend, database))
    } catch {
      result = .failure(error)
    }
    backend.close()
    proxy.close()
    running.cancel()
    _ = await running.result
    try result.get()
  }

  /// A flag that several tasks see.
  final class FlagBox: Sendable {
    private let flag = Atomic<Bool>(false)
    var isSet: Bool {
      get { flag.load(ordering: .relaxed) }
      set { flag.store(newValue, ordering: .relaxed) }
    }

    /// Whether it was set; it no longer is.
    func take() -> Bool { flag.exchange(false, ordering: .relaxed) }
  }
}
