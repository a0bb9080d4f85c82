public import Episodes

/// How the steps of a batch went: each has a result, an error, or neither where it was not run.
public struct HranaBatchResult: Hashable, Sendable {
  public var results: [HranaStatementResult?]
  public var errors: [HranaError?]

  public init(results: [HranaStatementResult?] = [], errors: [HranaError?] = []) {
    self.results = results
    self.errors = errors
  }
}

extension HranaBatchResult: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    results = try fields.optionals("step_results")
    errors = try fields.optionals("step_errors")
    guard results.count == errors.count else {
      throw HranaFormatError(
        "step_errors", "has \(errors.count) entries; expected \(results.count), as step_results")
    }
  }

  public func write(to writer: inout JSONWriter) {
    writer.raw(#"{"step_results":"#)
    writer.list(optional: results)
    writer.raw(#","step_errors":"#)
    writer.list(optional: errors)
    writer.raw(#","replication_index":null}"#)
  }
}
