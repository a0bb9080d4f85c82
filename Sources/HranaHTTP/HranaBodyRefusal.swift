public import HTTPTypes

/// Why the body of a request is not taken, as its client is told.
public struct HranaBodyRefusal: Error, Sendable {
  public var status: HTTPResponse.Status
  /// A name that programs can tell apart, in capital letters as those of libSQL.
  public var code: String
  public var message: String
  public var headers: HTTPFields

  public init(
    status: HTTPResponse.Status, code: String, message: String, headers: HTTPFields = [:]
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.headers = headers
  }
}
