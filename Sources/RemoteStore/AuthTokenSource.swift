internal import Foundation
internal import Synchronization

/// Where the token of a database comes from.
public enum AuthTokenSource: Sendable {
  /// None is sent.
  case none
  case token(AuthToken)
  /// A file that only its owner may read; read again when it changes.
  case file(path: String)
}

/// The token as it is now.
final class CurrentToken: Sendable {
  private struct FileState: Equatable, Sendable {
    var modified: Date?
    var number: Int?
    var size: Int?
  }

  private let source: AuthTokenSource
  private let read = Mutex<(state: FileState, token: AuthToken)?>(nil)

  init(_ source: AuthTokenSource) { self.source = source }

  /// - Throws: ``RemoteStoreError`` for a file that is missing, that others may read, or whose token cannot be used.
  /// - Complexity: one system call, and a short file read when it has changed.
  func token() throws(RemoteStoreError) -> AuthToken? {
    switch source {
    case .none: return nil
    case .token(let token): return token
    case .file(let path):
      let (state, mode) = try Self.state(of: path)
      if let (known, token) = read.withLock({ $0 }), known == state { return token }
      guard mode & 0o077 == 0 else {
        throw RemoteStoreError(
          "the token file \(path) can be read by others; 'chmod 600' keeps it from them")
      }
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw RemoteStoreError("the token file \(path) cannot be read")
      }
      let token = try AuthToken(text)
      read.withLock { $0 = (state, token) }
      return token
    }
  }

  /// Of the file itself, where the path is a link to it.
  private static func state(of path: String) throws(RemoteStoreError) -> (FileState, mode: Int) {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else {
      throw RemoteStoreError("the token file \(path) cannot be read")
    }
    return (
      FileState(
        modified: attributes[.modificationDate] as? Date,
        number: (attributes[.systemFileNumber] as? NSNumber)?.intValue,
        size: (attributes[.size] as? NSNumber)?.intValue),
      (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    )
  }
}
