/// The layouts of vector files, told by the end of the file's name.
public enum VectorFileFormat: String, Hashable, Sendable, CaseIterable {
  /// NumPy's array file, versions 1 to 3.
  case npy
  /// TEXMEX: each row is its dimension (i32) and its values (f32).
  case fvecs
  /// Big-ANN: count (u32), dimension (u32), then all values (f32) row after row.
  case fbin
  /// TEXMEX rows of i32, for lists of neighbours.
  case ivecs
  /// Big-ANN rows of u32, for lists of neighbours; distances (f32) may follow.
  case ibin

  /// The format that the name of the file at `path` tells, if any.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }

  /// The formats that hold vectors.
  static let ofVectors: [VectorFileFormat] = [.npy, .fvecs, .fbin]
  /// The formats that hold lists of neighbours.
  static let ofNeighbors: [VectorFileFormat] = [.npy, .ivecs, .ibin]

  /// Whose name is `.npy, .fvecs or .fbin`.
  static func names(_ formats: [VectorFileFormat]) -> String {
    let names = formats.map { "." + $0.rawValue }
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }
}
