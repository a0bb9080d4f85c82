internal import Episodes

// What is not a tool: streams, and what watches the server.
extension OpenAPIDocument {
  static let others: [String: [String: JSONValue]] = [
    "/healthz": [
      "get": text("get_health", "Whether the server runs", status(["ok"]), isOpen: true)
    ],
    "/readyz": [
      "get": text(
        "get_readiness", "Whether the memory is open", status(["ready", "opening", "storeAway"]),
        isOpen: true, alsoStatus: "503")
    ],
    "/metrics": [
      "get": [
        "operationId": "get_metrics", "summary": "Figures for Prometheus", "tags": ["server"],
        "responses": [
          "200": [
            "description": "Figures in Prometheus' text format.",
            "content": ["text/plain": ["schema": ["type": "string"]]],
          ], "default": ["$ref": "#/components/responses/Problem"],
        ],
      ]
    ],
    "/v1/openapi.json": [
      "get": text("get_openapi", "This document", ["type": "object"], isOpen: false)
    ],
    "/v1/import": [
      "post": [
        "operationId": "import_records", "summary": "Import records", "tags": ["transfer"],
        "description":
          "Stores records as 'export' writes them, and episodes of other sources: a JSON object a line. What is stored already under the same id stays. Lines before one that is refused are stored.",
        "parameters": [
          flag("readmit", "Whether episodes that were forgotten come back."),
          flag("keepCopies", "Whether the same content is stored again under another id."),
        ],
        "requestBody": [
          "required": true,
          "content": ["application/x-ndjson": ["schema": ["type": "string"]]],
        ],
        "responses": [
          "200": [
            "description": "What was stored.",
            "content": ["application/json": ["schema": ["type": "object"]]],
          ], "default": ["$ref": "#/components/responses/Problem"],
        ],
      ]
    ],
    "/v1/export": [
      "get": [
        "operationId": "export_records", "summary": "Export all records", "tags": ["transfer"],
        "description":
          "Every record as it was at one moment, a JSON object a line. An answer that ends without its last chunk is not whole.",
        "parameters": [flag("embeddings", "Whether vectors go with their records.")],
        "responses": [
          "200": [
            "description": "The records.",
            "content": ["application/x-ndjson": ["schema": ["type": "string"]]],
          ], "default": ["$ref": "#/components/responses/Problem"],
        ],
      ]
    ],
  ]

  private static func status(_ names: [String]) -> JSONValue {
    [
      "type": "object", "required": ["status"],
      "properties": ["status": ["type": "string", "enum": .array(names.map(JSONValue.string))]],
    ]
  }

  private static func text(
    _ name: String, _ summary: String, _ schema: JSONValue, isOpen: Bool,
    alsoStatus: String? = nil
  ) -> JSONValue {
    let answer: JSONValue = [
      "description": .string(summary), "content": ["application/json": ["schema": schema]],
    ]
    var responses: [String: JSONValue] = [
      "200": answer, "default": ["$ref": "#/components/responses/Problem"],
    ]
    if let alsoStatus { responses[alsoStatus] = answer }
    var fields: [String: JSONValue] = [
      "operationId": .string(name), "summary": .string(summary), "tags": ["server"],
      "responses": .object(responses),
    ]
    if isOpen { fields["security"] = [] }
    return .object(fields)
  }

  private static func flag(_ name: String, _ note: String) -> JSONValue {
    [
      "name": .string(name), "in": "query", "required": false, "schema": ["type": "boolean"],
      "description": .string(note),
    ]
  }
}
