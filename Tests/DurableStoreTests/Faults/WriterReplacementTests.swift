import Foundation
import Testing

@testable import DurableStore

@Suite("A writing connection that came to harm")
struct WriterReplacementTests {
  @Test(
    "After a failed call of the disk another connection writes",
    arguments: [
      FaultyDisk.Fault.failedWrite, .shortWrite, .failedSync, .failedRead,
    ])
  func failedCall(fault: FaultyDisk.Fault) async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyDisk(folder: folder.path)
    let backend = try SQLiteBackend(path: folder.file("s.db"), busyTimeoutSeconds: 1)
    try await backend.write(SQLStatement("CREATE TABLE t (x)"))
    if fault == .failedRead {
      // Pages that the connection does not have in memory.
      try await backend.write(
        SQLStatement(
          "WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) "
            + "INSERT INTO t SELECT randomblob(3000) FROM n"))
    }
    let insert = SQLStatement("INSERT INTO t SELECT max(x) FROM t")
    disk.arm(fault, after: 0)
    let error = await #expect(throws: SQLError.self) { try await backend.write(insert) }
    #expect(error?.kind == .inputOutput)
    #expect(disk.hitCount == 1)
    #expect(backend.statistics.writer?.reopenedCount == 0)
    try await backend.write(insert)
    #expect(backend.statistics.writer?.reopenedCount == 1)
    try await backend.write(insert)
    #expect(backend.statistics.writer?.reopenedCount == 1)
    let settings = try await backend.write([
      SQLStatement("SELECT synchronous FROM pragma_synchronous()"),
      SQLStatement("SELECT foreign_keys FROM pragma_foreign_keys()"),
    ])
    #expect(settings.map(\.firstInteger) == [2, 1])
    backend.close()
  }

  @Test("A transaction that could not be undone ends with its connection, and writes go on")
  func openTransaction() async throws {
    let folder = try TemporaryFolder()
    let backend = try SQLiteBackend(path: folder.file("s.db"), busyTimeoutSeconds: 1)
    try await backend.write(SQLStatement("CREATE TABLE t (x)"))
    try await backend.writer.alone { connection throws(SQLError) in
      try connection.script("BEGIN IMMEDIATE; INSERT INTO t VALUES ('half')")
    }
    let insert = SQLStatement("INSERT INTO t VALUES ('whole')")
    await #expect(throws: SQLError.self) { try await backend.write(insert) }
    try await backend.write(insert)
    #expect(backend.statistics.writer?.reopenedCount == 1)
    let stored = try await backend.read(SQLStatement("SELECT x FROM t")).rows
    #expect(stored == [[.text("whole")]])
    backend.close()
  }

  @Test("In the place of a file that was removed no new one is made")
  func removed() async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyDisk(folder: folder.path)
    let path = folder.file("s.db")
    let backend = try SQLiteBackend(path: path, busyTimeoutSeconds: 1)
    let create = SQLStatement("CREATE TABLE IF NOT EXISTS t (x)")
    disk.arm(.failedWrite, after: 0)
    await #expect(throws: SQLError.self) { try await backend.write(create) }
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    let error = await #expect(throws: SQLError.self) { try await backend.write(create) }
    #expect(error?.kind == .cannotOpen)
    #expect(error?.message == "\(path) was removed or replaced while it was open")
    #expect(!FileManager.default.fileExists(atPath: path))
    // It is taken up again when it is back.
    try FileManager.default.moveItem(atPath: path + ".away", toPath: path)
    try await backend.write(create)
    backend.close()
  }
}
