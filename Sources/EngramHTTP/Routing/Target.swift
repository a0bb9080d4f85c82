internal import HTTPTypes
internal import HranaHTTP

/// What answers a request.
enum Target: Sendable {
  case operation(Operation)
  case page(PageFile)
  case health, ready, metrics, openAPI, importRecords, exportRecords, mcp
  /// For libSQL clients; checks their tokens itself.
  case hrana(HranaEndpoint)

  /// Whether it is for anybody: what watches a server has no token, and the page, which shows nothing by itself,
  /// asks for one.
  var isOpen: Bool {
    switch self {
    case .health, .ready, .page: true
    default: false
    }
  }

  /// - Parameter hrana: whether libSQL clients are served.
  static func table(hrana: Bool = false) -> RouteTable<Target> {
    var table = RouteTable<Target>()
    for operation in Operations.all {
      table.add(operation.method, operation.path, .operation(operation))
    }
    for file in PageFile.all { table.add(.get, file.path, .page(file)) }
    table.add(.get, "/healthz", .health)
    table.add(.get, "/readyz", .ready)
    table.add(.get, "/metrics", .metrics)
    table.add(.get, "/v1/openapi.json", .openAPI)
    table.add(.post, "/v1/import", .importRecords)
    table.add(.get, "/v1/export", .exportRecords)
    for method in [HTTPRequest.Method.post, .get, .delete] { table.add(method, "/mcp", .mcp) }
    if hrana {
      for (method, path, endpoint) in HranaEndpoint.all {
        table.add(method, path, .hrana(endpoint))
      }
    }
    return table
  }
}
