import DurableStore
import Engram
import Episodes
import Foundation
import RemoteStore
import Testing

@testable import EngramHTTP

@Suite("TLS")
struct TLSTests {
  /// A certificate for this machine, made by the tool that everybody has.
  private struct Pair {
    let folder: String
    var certificate: String { folder + "/certificate.pem" }
    var key: String { folder + "/key.pem" }

    init(days: Int = 30, mode: Int = 0o600) throws {
      folder = NSTemporaryDirectory() + "engram-tls-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try TLSTests.run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-keyout", folder + "/key.pem", "-out", folder + "/certificate.pem", "-days",
        "\(days)", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1")
      try FileManager.default.setAttributes(
        [.posixPermissions: mode], ofItemAtPath: folder + "/key.pem")
    }

    func identity(now: Date = Date()) throws -> TLSIdentity {
      try TLSIdentity(certificatePath: certificate, keyPath: key, now: now)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
  }

  @discardableResult
  private static func run(_ arguments: String...) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test("the client of a database elsewhere takes no certificate that nobody vouches for")
  func untrusted() async throws {
    let pair = try Pair()
    defer { pair.remove() }
    let identity = try pair.identity()
    try await TestServer.with(.changed { $0.identity = identity }) { server in
      let configuration = try RemoteStoreConfiguration(
        url: DatabaseURL("libsql://localhost:\(server.http.port)"),
        token: .token(AuthToken("a-secret-token")))
      var store = DurableStoreConfiguration()
      store.retries = .never
      let error = await #expect(throws: DurableStoreError.self) {
        try await DurableStore.open(remote: configuration, configuration: store)
      }
      guard case .database(let cause)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.kind == .unreachable && !cause.mayHaveBeenApplied)
      #expect(!"\(cause)".contains("secret"))
    }
  }

  @Test("a client that trusts the certificate is answered, of TLS 1.2 and later alone")
  func answers() async throws {
    let pair = try Pair()
    defer { pair.remove() }
    let identity = try pair.identity()
    #expect(identity.warnings == [])
    try await TestServer.with(.changed { $0.identity = identity }) { server in
      let url = "https://localhost:\(server.http.port)"
      let curl = { (arguments: [String]) async throws -> (status: Int32, text: String) in
        try await withCheckedThrowingContinuation { continuation in
          DispatchQueue.global().async {
            continuation.resume(
              with: Result {
                try Self.curl(arguments)
              })
          }
        }
      }
      let trusting = ["--silent", "--cacert", pair.certificate]
      let found = try await curl(trusting + [url + "/v1/status"])
      #expect(found.status == 0)
      #expect(found.text.contains("\"model\":\"ready\""), "\(found.text)")
      let posted = try await curl(
        trusting + ["--json", "{\"query\": \"a task\"}", url + "/v1/search"])
      #expect(posted.text.contains("\"hits\":[]"), "\(posted.text)")
      let newest = try await curl(trusting + ["--tlsv1.3", url + "/healthz"])
      #expect(newest.status == 0)
      let older = try await curl(trusting + ["--tlsv1.2", "--tls-max", "1.2", url + "/healthz"])
      #expect(older.status == 0)
      let oldest = try await curl(
        trusting + [
          "--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", url + "/healthz",
        ])
      #expect(oldest.status != 0)
      let stranger = try await curl(["--silent", url + "/healthz"])
      #expect(stranger.status == 60)
      let plain = try await curl(["--silent", "http://localhost:\(server.http.port)/healthz"])
      #expect(plain.status != 0)
      try await Self.expectWorks(curl, trusting, url)
    }
  }

  private static func expectWorks(
    _ curl: ([String]) async throws -> (status: Int32, text: String), _ trusting: [String],
    _ url: String
  ) async throws {
    let page = try await curl(trusting + [url + "/"])
    #expect(page.text.hasPrefix("<!doctype html>"))
  }

  private static func curl(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["curl", "--max-time", "150"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test("a page without encryption is none of a server that has it")
  func origins() throws {
    let pair = try Pair()
    defer { pair.remove() }
    let identity = try pair.identity()
    let policy = HostPolicy(.changed { $0.identity = identity })
    let host = "localhost:8484"
    #expect(policy.problem(authority: host, origin: "https://localhost:8484") == nil)
    for origin in ["http://localhost:8484", "HTTP://localhost:8484", "://localhost:8484"] {
      #expect(policy.problem(authority: host, origin: origin) != nil, "\(origin)")
    }
  }

  @Test("a key that its group may use is warned of, by what the group may do")
  func groups() throws {
    for (mode, words) in [
      (0o640, "read"), (0o620, "changed"), (0o660, "read and changed"),
    ] {
      let pair = try Pair(mode: mode)
      defer { pair.remove() }
      #expect(
        try pair.identity().warnings == ["the key '\(pair.key)' can be \(words) by its group"])
    }
  }

  @Test("files that cannot serve are refused by name")
  func refusals() throws {
    let pair = try Pair()
    let other = try Pair()
    defer {
      pair.remove()
      other.remove()
    }
    func problem(_ certificate: String, _ key: String) -> String {
      do {
        _ = try TLSIdentity(certificatePath: certificate, keyPath: key)
        return "none"
      } catch {
        return error.problem
      }
    }
    let none = pair.folder + "/none.pem"
    #expect(
      problem(none, pair.key)
        == "the certificate '\(none)' is not there; expected a PEM file that this user can read")
    #expect(problem(pair.certificate, none).contains("the key '\(none)' is not there"))
    #expect(problem(pair.folder, pair.key).contains("cannot be read"))
    #expect(problem(pair.key, pair.key).contains("the certificate '\(pair.key)' cannot be used"))
    #expect(problem(pair.certificate, pair.certificate).contains("'chmod 600'"))
    #expect(problem(pair.certificate, other.key).contains("is not that of the certificate"))
    let open = pair.folder + "/open.pem"
    try FileManager.default.copyItem(atPath: pair.key, toPath: open)
    try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: open)
    #expect(problem(pair.certificate, open).contains("can be read or changed by everybody"))
    // What counts is the file that a link leads to.
    let link = pair.folder + "/link.pem"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: pair.key)
    #expect(problem(pair.certificate, link) == "none")
    let openLink = pair.folder + "/open-link.pem"
    try FileManager.default.createSymbolicLink(atPath: openLink, withDestinationPath: open)
    #expect(problem(pair.certificate, openLink).contains("can be read or changed by everybody"))
    let empty = pair.folder + "/empty.pem"
    _ = FileManager.default.createFile(
      atPath: empty, contents: Data(), attributes: [.posixPermissions: 0o600])
    #expect(problem(empty, pair.key).contains("expected certificates in PEM"))
    #expect(problem(pair.certificate, empty).contains("expected a private key in PEM"))
    let locked = pair.folder + "/locked.pem"
    try Self.run(
      "openssl", "pkcs8", "-topk8", "-in", pair.key, "-out", locked, "-passout", "pass:secret")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: locked)
    #expect(problem(pair.certificate, locked).contains("without a password"))
  }

  @Test("what can be used and is not as it should be is warned of")
  func warnings() throws {
    let pair = try Pair(days: 30, mode: 0o640)
    defer { pair.remove() }
    let day = 86_400.0
    func warnings(after days: Double) throws -> String {
      try pair.identity(now: Date(timeIntervalSinceNow: days * day)).warnings
        .joined(separator: "; ")
    }
    #expect(try warnings(after: 0) == "the key '\(pair.key)' can be read by its group")
    #expect(try warnings(after: 20).contains("expires on "))
    #expect(try warnings(after: 31).contains("expired on "))
    #expect(try warnings(after: -2).contains("is not valid before "))
  }
}
