/// What a data set is made of, so that anyone can check it and make it again.
public struct DatasetManifest: Hashable, Sendable, Codable {
  /// A file of the data set.
  public struct Output: Hashable, Sendable, Codable {
    public var file: String
    public var bytes: Int
    /// SHA-256 in lower-case hexadecimal.
    public var sha256: String
  }

  /// How vectors were drawn.
  public struct Clusters: Hashable, Sendable, Codable {
    public var clusterCount: Int
    public var spread: Double
    public var seed: UInt64
  }

  public static let fileName = "manifest.json"

  public var name: String
  public var origin: DatasetOrigin
  public var count: Int
  public var questionCount: Int
  /// Nil when there are no vectors.
  public var dimension: Int?
  /// The model that embedded the texts, if they were.
  public var model: String?
  public var clusters: Clusters?
  public var outputs: [Output]
}
