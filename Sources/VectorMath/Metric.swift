/// How near two vectors are. All metrics are distances: lower is nearer.
public enum Metric: UInt32, Sendable, CaseIterable, CustomStringConvertible {
  /// 1 − cos(q, x). Vectors are scaled to unit length at the door.
  case cosine = 1
  /// −(q · x).
  case innerProduct = 2
  /// Σ (qᵢ − xᵢ)².
  case squaredEuclidean = 3

  public var description: String {
    switch self {
    case .cosine: "cosine"
    case .innerProduct: "ip"
    case .squaredEuclidean: "l2"
    }
  }

  /// Whether distance comes from a dot product.
  public var usesDotProduct: Bool { self != .squaredEuclidean }
}
