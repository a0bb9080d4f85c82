public import Episodes

/// Requests to one stream.
public struct HranaPipelineRequest: Hashable, Sendable {
  /// What the latest answer of the stream gave; nil for a new stream.
  public var baton: String?
  public var requests: [HranaRequest]

  public init(baton: String? = nil, _ requests: [HranaRequest]) {
    self.baton = baton
    self.requests = requests
  }
}

extension HranaPipelineRequest: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    baton = try fields.optionalText("baton")
    requests = try fields.list("requests")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"baton":"#, baton)
    writer.raw(#","requests":"#)
    writer.list(requests)
    writer.raw("}")
  }
}

/// How a request went.
public enum HranaResult: Hashable, Sendable {
  case ok(HranaResponse)
  case error(HranaError)
}

extension HranaResult: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    switch try fields.text("type") {
    case "ok": self = .ok(try fields.message("response"))
    case "error": self = .error(try fields.message("error"))
    case let type:
      throw HranaFormatError("type", "is '\(type.prefix(40))'; expected ok or error")
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .ok(let response):
      writer.raw(#"{"type":"ok","response":"#)
      response.write(to: &writer)
    case .error(let error):
      writer.raw(#"{"type":"error","error":"#)
      error.write(to: &writer)
    }
    writer.raw("}")
  }
}

/// The answer to a ``HranaPipelineRequest``: a result for each request.
public struct HranaPipelineResponse: Hashable, Sendable {
  /// For the next requests; nil when the stream has ended.
  public var baton: String?
  /// Where the next requests go; nil for the same place.
  public var baseURL: String?
  public var results: [HranaResult]

  public init(baton: String?, baseURL: String? = nil, results: [HranaResult]) {
    self.baton = baton
    self.baseURL = baseURL
    self.results = results
  }
}

extension HranaPipelineResponse {
  /// About as many bytes as the rows take on the wire.
  public var approximateByteCount: Int {
    func bytes(_ result: HranaStatementResult) -> Int {
      result.rows.reduce(64) { $0 + $1.reduce(0) { $0 + $1.byteCount } }
    }
    return results.reduce(0) { sum, result in
      switch result {
      case .ok(.execute(let result)): sum + bytes(result)
      case .ok(.batch(let batch)):
        sum + batch.results.reduce(0) { $0 + ($1.map(bytes) ?? 0) }
      default: sum + 64
      }
    }
  }
}

extension HranaPipelineResponse: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    baton = try fields.optionalText("baton")
    baseURL = try fields.optionalText("base_url")
    results = try fields.list("results")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"baton":"#, baton)
    writer.field(#","base_url":"#, baseURL)
    writer.raw(#","results":"#)
    writer.list(results)
    writer.raw("}")
  }
}
