internal import HTTPTypes

/// What answers a request.
enum Target: Sendable {
  case operation(Operation)
  case page(PageFile)
  case health, ready, metrics, openAPI, importRecords, exportRecords, mcp

  /// Whether it is for anybody: what watches a server has no token, and the page, which shows nothing by itself,
  /// asks for one.
  var isOpen: Bool {
    switch self {
    case .health, .ready, .page: true
    default: false
    }
  }

  static func table() -> RouteTable<Target> {
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
    return table
  }
}
