/// Why a ``VectorIndex`` could not be opened, written or searched.
public enum VectorIndexError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A vector, a configuration or a stored segment is not usable.
  case vamana(VamanaError)
  /// As many record ids as vectors are needed.
  case countMismatch(vectors: Int, recordIDs: Int)
  /// The index was closed.
  case closed
  /// Work in the background failed; what it should have moved stays searchable where it was.
  case maintenanceFailed(problem: String)
  /// The manifest and the segments it names do not agree.
  case invalidManifest(problem: String)

  public var description: String {
    switch self {
    case .vamana(let error): error.description
    case .countMismatch(let vectors, let recordIDs):
      "\(vectors) vectors came with \(recordIDs) record ids; each vector needs one"
    case .closed: "the index is closed"
    case .maintenanceFailed(let problem):
      "sealing or merging in the background failed: \(problem)"
    case .invalidManifest(let problem): "not a usable index manifest: \(problem)"
    }
  }
}
