public import Foundation
internal import NIOSSL

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
    try Self.checkMode(ofKey: keyPath, &warnings)
    let key: NIOSSLPrivateKey
    do {
      key = try NIOSSLPrivateKey(bytes: Array(Self.bytes(of: keyPath, "key")), format: .pem)
    } catch let error as HTTPSettingsError {
      throw error
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
    let bytes = try bytes(of: path, "certificate")
    guard let found = try? NIOSSLCertificate.fromPEMBytes(Array(bytes)), !found.isEmpty else {
      throw HTTPSettingsError(
        problem: "the certificate '\(path)' cannot be used; expected certificates in PEM")
    }
    return found
  }

  private static func bytes(of path: String, _ what: String) throws(HTTPSettingsError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let isThere = FileManager.default.fileExists(atPath: path)
      throw HTTPSettingsError(
        problem: "the \(what) '\(path)' " + (isThere ? "cannot be read" : "is not there")
          + "; expected a PEM file that this user can read")
    }
  }

  private static func checkMode(
    ofKey path: String, _ warnings: inout [String]
  ) throws(HTTPSettingsError) {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
    if mode & 0o007 != 0 {
      throw HTTPSettingsError(
        problem:
          "the key '\(path)' can be read or changed by everybody; 'chmod 600' keeps it from them")
    }
    if mode & 0o070 != 0 { warnings.append("the key '\(path)' can be read by its group") }
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
