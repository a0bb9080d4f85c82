import Foundation
import GRDBSQLite
import Hrana
import Testing

@testable import HranaSessions

/// A database of one test with a table of things, and a service of it.
final class Database: Sendable {
  let folder: String
  let service: HranaService

  var path: String { folder + "/test.db" }

  init(
    keptByTriggers: Set<String> = [], _ change: (inout HranaLimits) -> Void = { _ in }
  ) throws {
    folder = NSTemporaryDirectory() + "engram-hrana-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var limits = HranaLimits()
    limits.busySeconds = 0.2
    change(&limits)
    service = HranaService(
      path: folder + "/test.db", keptByTriggers: keptByTriggers, limits: limits)
    try run(
      """
      PRAGMA journal_mode = WAL;
      CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, data);
      """)
  }

  deinit {
    service.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Runs SQL on a connection of its own.
  func run(_ sql: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    try #require(sqlite3_open(path, &handle) == SQLITE_OK)
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    try #require(code == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
  }

  /// Runs requests on a stream.
  func send(
    _ requests: [HranaRequest], baton: String? = nil, _ access: HranaAccess = .readWrite
  ) async throws -> HranaPipelineResponse {
    try await service.pipeline(HranaPipelineRequest(baton: baton, requests), access: access)
  }

  /// Runs one statement on a stream of its own.
  func execute(
    _ sql: String, _ arguments: [HranaValue] = [], _ access: HranaAccess = .readWrite
  ) async throws -> HranaStatementResult {
    let answer = try await send([.execute(HranaStatement(sql, arguments)), .close], access)
    switch answer.results[0] {
    case .ok(.execute(let result)): return result
    case .error(let error): throw error
    default: throw HranaError("TEST", "another answer")
    }
  }

  /// The code of the error that a statement gets.
  func code(
    _ sql: String, _ arguments: [HranaValue] = [], _ access: HranaAccess = .readWrite
  ) async throws -> String? {
    do {
      _ = try await execute(sql, arguments, access)
      return nil
    } catch let error as HranaError {
      return error.code
    }
  }

  func count(_ condition: String = "true") async throws -> Int64 {
    let result = try await execute("SELECT count(*) FROM things WHERE \(condition)")
    guard case .integer(let count) = result.rows[0][0] else { return -1 }
    return count
  }
}
