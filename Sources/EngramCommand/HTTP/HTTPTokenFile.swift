internal import EngramHTTP
internal import Foundation

/// Where the token of a server comes from: never from the arguments, which every user of a machine can see.
enum HTTPTokenFile {
  static let variable = "ENGRAM_HTTP_TOKEN"

  /// - Parameter path: of a file; nil for the environment.
  /// - Returns: nil where none is set.
  static func token(
    path: String?, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> BearerToken? {
    if let path { return try token(ofFile: path) }
    guard let text = environment[variable], !text.isEmpty else { return nil }
    return try parsed(text, from: variable)
  }

  private static func token(ofFile path: String) throws -> BearerToken {
    let bytes: Data
    let mode: Int
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw CommandFailure("--token-file '\(path)' cannot be read", status: .missingInput)
    }
    guard mode & 0o077 == 0 else {
      throw CommandFailure(
        "--token-file '\(path)' can be read by others; 'chmod 600' keeps it from them",
        status: .usage)
    }
    return try parsed(String(decoding: bytes, as: UTF8.self), from: "--token-file")
  }

  private static func parsed(_ text: String, from source: String) throws -> BearerToken {
    do throws(HTTPSettingsError) {
      return try BearerToken(text)
    } catch {
      throw CommandFailure("\(source): \(error)", status: .usage)
    }
  }
}
