import Foundation

@testable import DurableStore

/// A folder for one test, deleted with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "engram-store-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

/// Runs `body` on a new store.
@discardableResult
func withStore<Result>(
  _ body: (DurableStore, TemporaryFolder) async throws -> Result
) async throws -> Result {
  let folder = try TemporaryFolder()
  guard TestStore.isRemote else {
    let store = try await DurableStore.open(path: folder.file("store.db"))
    let result = try await body(store, folder)
    store.close()
    return result
  }
  let server = try await RemoteTestServer(path: folder.file("store.db"))
  do {
    let store = try await server.open()
    let result = try await body(store, folder)
    store.close()
    await server.end()
    return result
  } catch {
    await server.end()
    throw error
  }
}
