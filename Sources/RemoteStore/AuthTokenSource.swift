internal import Platform
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
  private let source: AuthTokenSource
  private let read = Mutex<(version: TokenFileVersion, token: AuthToken)?>(nil)

  private static let fileBytesMax = 64 << 10

  init(_ source: AuthTokenSource) { self.source = source }

  /// - Throws: ``RemoteStoreError`` for a file that is missing, that others may read, or whose token cannot be used.
  /// - Complexity: one system call, and a short file read when it has changed.
  func token() throws(RemoteStoreError) -> AuthToken? {
    switch source {
    case .none: return nil
    case .token(let token): return token
    case .file(let path):
      // Looked at first: a file that is changed meanwhile is read again the next time.
      guard let version = TokenFileVersion(path: path) else {
        throw RemoteStoreError("the token file \(path) cannot be read")
      }
      if let (known, token) = read.withLock({ $0 }), known == version { return token }
      let file: OpenedFile
      do throws(FileFailure) {
        file = try OpenedFile(path: path, bytesMax: Self.fileBytesMax)
      } catch {
        throw RemoteStoreError("the token file \(path) cannot be read: \(error.problem)")
      }
      guard file.permissions & 0o077 == 0 else {
        throw RemoteStoreError(
          "the token file \(path) can be read or changed by others; 'chmod 600' keeps it from them")
      }
      guard let text = String(validating: file.bytes, as: UTF8.self) else {
        throw RemoteStoreError("the token file \(path) is not valid UTF-8")
      }
      let token = try AuthToken(text)
      read.withLock { $0 = (version, token) }
      return token
    }
  }
}
