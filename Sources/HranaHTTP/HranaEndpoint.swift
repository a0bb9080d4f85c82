public import HTTPTypes

/// The paths of the protocol over HTTP.
public enum HranaEndpoint: Hashable, Sendable {
  /// Tells clients that the version is spoken here.
  case version
  case pipeline
  case cursor

  public static let all: [(method: HTTPRequest.Method, path: String, endpoint: HranaEndpoint)] = [
    (.get, "/v2", .version), (.get, "/v3", .version), (.post, "/v2/pipeline", .pipeline),
    (.post, "/v3/pipeline", .pipeline), (.post, "/v3/cursor", .cursor),
  ]
}
