internal import EngramHTTP
internal import Foundation
internal import Platform

/// Where the token of a server comes from: never from the arguments, which every user of a machine can see.
enum HTTPTokenFile {
  static let variable = "ENGRAM_HTTP_TOKEN"

  /// - Parameters:
  ///   - path: of a file; nil for the environment.
  ///   - option: that names the file, for errors.
  /// - Returns: nil where none is set.
  static func token(
    path: String?, option: String = "--token-file",
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> BearerToken? {
    if let path { return try token(ofFile: path, option: option) }
    guard let text = environment[variable], !text.isEmpty else { return nil }
    return try parsed(text, from: variable)
  }

  private static func token(ofFile path: String, option: String) throws -> BearerToken {
    let file: OpenedFile
    do throws(FileFailure) {
      file = try OpenedFile(path: path)
    } catch {
      let problem = error.isMissing ? "is not there" : "cannot be read: \(error.problem)"
      throw CommandFailure("\(option) '\(path)' \(problem)", status: .missingInput)
    }
    guard file.permissions & 0o077 == 0 else {
      throw CommandFailure(
        "\(option) '\(path)' can be read or changed by others; 'chmod 600' keeps it from them",
        status: .usage)
    }
    return try parsed(String(decoding: file.bytes, as: UTF8.self), from: option)
  }

  private static func parsed(_ text: String, from source: String) throws -> BearerToken {
    do throws(HTTPSettingsError) {
      return try BearerToken(text)
    } catch {
      throw CommandFailure("\(source): \(error)", status: .usage)
    }
  }
}
