/// How far the embedding model is.
public enum ModelState: Hashable, Sendable {
  case loading
  case ready
  /// It cannot be used, and why.
  case failed(String)

  /// One word: what clients tell apart.
  package var name: String {
    switch self {
    case .loading: "loading"
    case .ready: "ready"
    case .failed: "failed"
    }
  }
}
