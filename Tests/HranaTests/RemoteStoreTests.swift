import DurableStore
import Foundation
import Hrana
import HranaHTTP
import HranaSessions
import Synchronization
import Testing

@testable import RemoteStore

@Suite("A database elsewhere")
struct RemoteStoreTests {
  // MARK: - Address and token

  @Test(
    "An address is taken with TLS, and without only on this machine",
    arguments: [
      ("libsql://db.example", "https://db.example"),
      ("HTTPS://DB.example/x/", "https://db.example/x"),
      ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"), ("http://[::1]:80", "http://[::1]:80"),
      ("http://localhost", "http://localhost"),
    ])
  func addresses(text: String, meaning: String) throws {
    #expect(try DatabaseURL(text).text == meaning)
  }

  @Test(
    "Other addresses are refused without showing what may be secret",
    arguments: [
      "http://db.example", "ftp://db.example", "db.example", "", "libsql://", "wss://db.example",
      "libsql://user:secret@db.example", "libsql://db.example?authToken=secret",
      "http://127.0.0.1.example",
    ])
  func badAddresses(text: String) throws {
    let error = try #require(throws: RemoteStoreError.self) { try DatabaseURL(text) }
    #expect(!error.description.contains("secret"))
  }

  private static func jwt(_ claims: String) -> String {
    func part(_ text: String) -> String {
      Data(text.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
    }
    return part(#"{"alg":"none"}"#) + "." + part(claims) + ".c2lnbmF0dXJl"
  }

  @Test("A token is checked before it is used, and never shown")
  func tokens() throws {
    _ = try AuthToken("an-opaque-one\n")
    _ = try AuthToken(Self.jwt(#"{"a":"rw"}"#))
    _ = try AuthToken(Self.jwt(#"{"exp":2000}"#), secondsSince1970: 2100)
    let bad = [
      "", "  ", "two words", "käse", "eyJ.x", "eyJhbGciOiJub25lIn0.bm90IGpzb24.sig",
      Self.jwt(#"{"exp":2000}"#),
    ]
    for text in bad {
      let error = try #require(throws: RemoteStoreError.self) { try AuthToken(text) }
      #expect(text.count < 4 || !error.description.contains(text))
    }
    let token = try AuthToken("a-secret-token")
    var dumped = ""
    dump(token, to: &dumped)
    #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains("secret"))
    let url = try DatabaseURL("libsql://db.example")
    #expect(throws: RemoteStoreError.self) { try RemoteStoreConfiguration(url: url, token: .none) }
  }

  @Test("A token file is read again when it changes, and must be its owner's alone")
  func tokenFile() throws {
    let path = NSTemporaryDirectory() + "engram-token-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    func write(_ text: String, mode: Int) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    let current = CurrentToken(.file(path: path))
    #expect(throws: RemoteStoreError.self) { try current.token() }
    try write("first-token\n", mode: 0o600)
    #expect(try current.token()?.text == "first-token")
    try write("second-token\n", mode: 0o600)
    #expect(try current.token()?.text == "second-token")
    try write("third-token\n", mode: 0o644)
    #expect(throws: RemoteStoreError.self) { try current.token() }
  }

  // MARK: - Errors

  @Test(
    "Each status says what may have become of a write",
    arguments: [
      (400, "", SQLError.Kind.other, false), (401, "", .other, false), (403, "", .other, false),
      (404, "", .other, false), (408, "", .unreachable, true), (413, "", .other, false),
      (429, "", .busy, false), (500, "", .unreachable, true), (502, "", .unreachable, true),
      (503, "", .unreachable, true), (504, "", .unreachable, true),
      (503, #"{"message":"full","code":"STREAMS_EXHAUSTED"}"#, .busy, false),
      (400, #"{"message":"gone","code":"STREAM_EXPIRED"}"#, .unreachable, false),
      (302, "", .unreachable, true),
    ])
  func statuses(status: Int, body: String, kind: SQLError.Kind, mayHaveBeenApplied: Bool) {
    let write = RemoteTransport.refused(status, body, isWrite: true)
    #expect(write.kind == kind)
    #expect(write.mayHaveBeenApplied == mayHaveBeenApplied)
    #expect(!RemoteTransport.refused(status, body, isWrite: false).mayHaveBeenApplied)
  }

  @Test(
    "Each code of a statement has its kind",
    arguments: [
      ("SQLITE_CONSTRAINT_UNIQUE", "", SQLError.Kind.uniqueViolation),
      ("SQLITE_CONSTRAINT_PRIMARYKEY", "", .uniqueViolation),
      ("SQLITE_CONSTRAINT", "UNIQUE constraint failed: t.x", .uniqueViolation),
      ("SQLITE_CONSTRAINT", "FOREIGN KEY constraint failed", .foreignKeyViolation),
      ("SQLITE_CONSTRAINT", "CHECK constraint failed", .constraintViolation),
      ("SQLITE_BUSY", "", .busy), ("SQLITE_LOCKED", "", .busy), ("TRANSACTION_TIMEOUT", "", .busy),
      ("TRANSACTION_BUSY", "", .busy), ("SQLITE_FULL", "", .diskFull), ("BLOCKED", "", .readOnly),
      ("SQLITE_IOERR_FSYNC", "", .inputOutput), ("SQLITE_CORRUPT", "", .corrupt),
      ("SQL_PARSE_ERROR", "", .other), ("RESPONSE_TOO_LARGE", "", .other), ("NEW_ONE", "", .other),
    ])
  func codes(code: String, message: String, kind: SQLError.Kind) {
    #expect(SQLError(HranaError(code, message)).kind == kind)
  }

  // MARK: - Through a wire that fails

  private static let soundWire: @Sendable () -> CuttingProxy.Fault = { .none }

  /// Runs `body` with a backend whose requests meet faults, and the database behind them.
  private func withProxy(
    fault: @escaping @Sendable () -> CuttingProxy.Fault,
    _ body: (RemoteBackend, Database) async throws -> Void
  ) async throws {
    let database = try Database { $0.busySeconds = 30 }
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
    let backend = RemoteBackend(
      try RemoteStoreConfiguration(
        url: DatabaseURL("http://127.0.0.1:\(proxy.port)"), token: .none),
      pool: PoolConfiguration())
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

  @Test("No write is lost or applied twice on a wire that loses, cuts and delays")
  func lossyWire() async throws {
    let random = Mutex(SystemRandomNumberGenerator())
    let fault: @Sendable () -> CuttingProxy.Fault = {
      random.withLock { generator in
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: .lostRequest
        case 1: .lostAnswer
        case 2: .cutAnswer(bytes: Int.random(in: 1..<700, using: &generator))
        case 3: .delay(milliseconds: Int.random(in: 0..<20, using: &generator))
        case 4: .status([500, 502, 503, 504].randomElement(using: &generator) ?? 500)
        default: .none
        }
      }
    }
    try await withProxy(fault: fault) { backend, database in
      var acknowledged: [Int64] = []
      var unknown: [Int64] = []
      for number in 1...400 as ClosedRange<Int64> {
        // A counter shows a write that is applied twice.
        let statements = [
          SQLStatement(
            "INSERT INTO things (id, data) VALUES (?1, 0) ON CONFLICT DO NOTHING",
            [.integer(number)]),
          SQLStatement("UPDATE things SET data = data + 1 WHERE id = ?1", [.integer(number)]),
        ]
        do throws(SQLError) {
          let results = try await backend.write(statements)
          #expect(results.map(\.affectedRowCount) == [1, 1])
          acknowledged.append(number)
        } catch {
          #expect(error.kind == .unreachable)
          if error.mayHaveBeenApplied { unknown.append(number) }
        }
      }
      #expect(try await database.count("data <> 1") == 0)
      for number in acknowledged { #expect(try await database.count("id = \(number)") == 1) }
      let known = Set(acknowledged + unknown)
      let stored = try await database.execute("SELECT id FROM things").rows
      for row in stored {
        guard case .integer(let number) = row[0] else { continue }
        #expect(known.contains(number), "\(number) was said not to be applied")
      }
      #expect(acknowledged.count > 100)
      #expect(!unknown.isEmpty)
    }
  }

  @Test("A snapshot sees one moment, and one whose stream is lost says so")
  func snapshots() async throws {
    let box = FlagBox()
    let unlessSet: @Sendable () -> CuttingProxy.Fault = { box.isSet ? .lostAnswer : .none }
    try await withProxy(fault: unlessSet) { backend, database in
      let count = SQLStatement("SELECT count(*) FROM things")
      try await backend.withSnapshot(mayRepeat: { false }) { snapshot in
        #expect(try await snapshot.read([count])[0].firstInteger == 0)
        _ = try await database.execute("INSERT INTO things DEFAULT VALUES")
        #expect(try await snapshot.read([count, count]).map(\.firstInteger) == [0, 0])
        #expect(try await backend.read([count], cost: .scan)[0].firstInteger == 1)
        box.isSet = true
        let error = await #expect(throws: SQLError.self) { try await snapshot.read([count]) }
        #expect(error?.kind == .unreachable)
        box.isSet = false
        let next = await #expect(throws: SQLError.self) { try await snapshot.read([count]) }
        #expect(next?.kind == .unreachable)
      }
    }
  }

  @Test("What is too large for one answer is read row by row")
  func largeResults() async throws {
    try await withProxy(fault: Self.soundWire) { backend, _ in
      let rows = try await backend.read(
        [
          SQLStatement(
            """
            WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 40)
            SELECT x, zeroblob(1000000) FROM c
            """)
        ], cost: .scan)[0].rows
      #expect(rows.count == 40)
      #expect(rows.last?.first == .integer(40))
    }
  }

  /// A flag that several tasks see.
  final class FlagBox: Sendable {
    private let flag = Atomic<Bool>(false)
    var isSet: Bool {
      get { flag.load(ordering: .relaxed) }
      set { flag.store(newValue, ordering: .relaxed) }
    }
  }
}
