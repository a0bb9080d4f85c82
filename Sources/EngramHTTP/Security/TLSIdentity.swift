public import Foundation
internal import NIOSSL
internal import Platform

/// A certificate and its private key, with which a server proves who it is.
public struct TLSIdentity: Sendable {
  /// For TLS 1.2 and later.
  let configuration: TLSConfiguration
  /// What is wrong with them though they can be used, a sentence each.
  public let warnings: [String]

  /// Days before its end from which on a certificate is warned of.
  private static let warningDays = 14.0

  /// Reads both, and checks that they belong together.
  ///
  /// - Parameters:
  ///   - certificatePath: a PEM file with the server's certificate first, and those of its issuers after it.
  ///   - keyPath: a PEM file with its private key, without a password. Only its owner, and its group, may read it.
  /// - Throws: ``HTTPSettingsError`` that names the file.
  public init(
    certificatePath: String, keyPath: String, now: Date = Date()
  ) throws(HTTPSettingsError) {
    var warnings: [String] = []
    let certificates = try Self.certificates(certificatePath)
    if let problem = Self.problem(of: certificates[0], at: now) {
      warnings.append("the certificate '\(certificatePath)' \(problem)")
    }
    let keyFile = try Self.file(keyPath, "key")
    try Self.check(keyFile.permissions, ofKey: keyPath, &warnings)
    let key: NIOSSLPrivateKey
    do {
      key = try NIOSSLPrivateKey(bytes: keyFile.bytes, format: .pem)
    } catch {
      throw HTTPSettingsError(
        problem:
          "the key '\(keyPath)' cannot be used; expected a private key in PEM without a password")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do {
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw HTTPSettingsError(
        problem:
          "the key '\(keyPath)' is not that of the certificate '\(certificatePath)', or one of "
          + "them is too weak (\(error)); expected two that belong together")
    }
    self.configuration = configuration
    self.warnings = warnings
  }

  private static func certificates(
    _ path: String
  ) throws(HTTPSettingsError) -> [NIOSSLCertificate] {
    let bytes = try file(path, "certificate").bytes
    guard let found = try? NIOSSLCertificate.fromPEMBytes(bytes), !found.isEmpty else {
      throw HTTPSettingsError(
        problem: "the certificate '\(path)' cannot be used; expected certificates in PEM")
    }
    return found
  }

  private static func file(_ path: String, _ what: String) throws(HTTPSettingsError) -> OpenedFile {
    do throws(FileFailure) {
      return try OpenedFile(path: path)
    } catch {
      throw HTTPSettingsError(
        problem: "the \(what) '\(path)' " + (error.isMissing ? "is not there" : "cannot be read")
          + "; expected a PEM file that this user can read")
    }
  }

  private static func check(
    _ permissions: Int, ofKey path: String, _ warnings: inout [String]
  ) throws(HTTPSettingsError) {
    if permissions & 0o007 != 0 {
      throw HTTPSettingsError(
        problem:
          "the key '\(path)' can be read or changed by everybody; 'chmod 600' keeps it from them")
    }
    let verbs = [(0o040, "read"), (0o020, "changed")].filter { permissions & $0.0 != 0 }.map(\.1)
    if !verbs.isEmpty {
      let verb = verbs.joined(separator: " and ")
      warnings.append("the key '\(path)' can be \(verb) by its group")
    }
  }

  private static func problem(of certificate: NIOSSLCertificate, at now: Date) -> String? {
    let time = now.timeIntervalSince1970
    let (start, end) = (Double(certificate.notValidBefore), Double(certificate.notValidAfter))
    func day(_ seconds: Double) -> String {
      Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day())
    }
    if time > end { return "expired on \(day(end)): clients will refuse it" }
    if time < start { return "is not valid before \(day(start)): clients will refuse it" }
    return end - time < warningDays * 86_400 ? "expires on \(day(end))" : nil
  }
}
