import DurableStore
import Foundation
import Hrana
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
      "http://127.0.0.1.example", "http://127.+1.0.1",
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
    // As a cluster's secrets are: a link to the file, which changes its goal.
    let link = path + "-link"
    defer { try? FileManager.default.removeItem(atPath: link) }
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    let linked = CurrentToken(.file(path: link))
    #expect(try linked.token()?.text == "second-token")
    try write("another-token\n", mode: 0o600)
    #expect(try linked.token()?.text == "another-token")
    try write("third-token\n", mode: 0o644)
    #expect(throws: RemoteStoreError.self) { try linked.token() }
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
      (503, #"{"message":"full","code":"SERVER_BUSY"}"#, .busy, false),
      (400, #"{"message":"gone","code":"STREAM_EXPIRED"}"#, .unreachable, false),
      // A gateway's own, which may have handed the request on.
      (503, #"{"message":"timeout","code":"UPSTREAM_TIMEOUT"}"#, .unreachable, true),
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
      ("TRANSACTION_BUSY", "", .busy), ("SQLITE_INTERRUPT", "", .other),
      ("SQLITE_BUSY_SNAPSHOT", "", .busy), ("SQLITE_PROTOCOL", "", .busy),
      ("SQLITE_SCHEMA", "", .busy), ("STREAMS_EXHAUSTED", "", .busy),
      ("STREAM_EXPIRED", "", .unreachable), ("STREAM_CLOSED", "", .unreachable),
      ("BATON_INVALID", "", .unreachable), ("BATON_IN_USE", "", .unreachable),
      ("SQLITE_CONSTRAINT_FOREIGNKEY", "", .foreignKeyViolation),
      ("SQLITE_CONSTRAINT_TRIGGER", "", .constraintViolation),
      ("SQLITE_NOTADB", "", .notADatabase), ("SQLITE_CANTOPEN", "", .cannotOpen),
      ("SQLITE_READONLY", "", .readOnly), ("SQLITE_TOOBIG", "", .other), ("", "", .other),
      ("SQLITE_FULL", "", .diskFull), ("BLOCKED", "", .readOnly),
      ("SQLITE_IOERR_FSYNC", "", .inputOutput), ("SQLITE_CORRUPT", "", .corrupt),
      ("SQL_PARSE_ERROR", "", .other), ("RESPONSE_TOO_LARGE", "", .other), ("NEW_ONE", "", .other),
    ])
  func codes(code: String, message: String, kind: SQLError.Kind) {
    #expect(SQLError(HranaError(code, message)).kind == kind)
  }
}
