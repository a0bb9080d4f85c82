internal import EngramServer
internal import Episodes
internal import HTTPTypes

/// The API as an OpenAPI 3.1 document, made of what the handlers check.
enum OpenAPIDocument {
  /// - Parameter needsToken: whether this server asks for one.
  static func value(version: String, needsToken: Bool = false) -> JSONValue {
    var paths: [String: [String: JSONValue]] = [:]
    for operation in Operations.all {
      paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] =
        value(of: operation)
    }
    for (path, methods) in others { paths[path, default: [:]].merge(methods) { $1 } }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Engram", "version": .string(version),
        "description": "Episodic memory for AI agents.",
        "license": ["name": "See LICENSE in the source distribution"],
      ],
      "servers": [["url": "/"]],
      "security": needsToken ? [["token": []]] : [["token": []], [:]],
      "tags": .array(
        [
          "episodes", "search", "patterns", "tags", "relations", "upkeep", "maintenance",
          "transfer", "server",
        ].map { ["name": .string($0)] }),
      "paths": .object(paths.mapValues { .object($0) }),
      "components": [
        "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
        "responses": ["Problem": problem],
      ],
    ]
  }

  private static func value(of operation: Operation) -> JSONValue {
    let names = PathTemplate(operation.path).names
    let tool = operation.tool
    var parameters = names.map { name -> JSONValue in
      let field = tool.input.all.first { $0.name == name }
      return [
        "name": .string(name), "in": "path", "required": true,
        "schema": ["type": "string", "minLength": 1],
        "description": .string(field?.note ?? "An id."),
      ]
    }
    var fields: [String: JSONValue] = [
      "operationId": .string(tool.name), "summary": .string(tool.title),
      "description": .string(tool.summary), "tags": [.string(operation.tag)],
      "responses": [
        .init("\(operation.status.code)"): [
          "description": .string(tool.output.name),
          "content": ["application/json": ["schema": tool.output.schema(isStrict: false)]],
        ],
        "default": ["$ref": "#/components/responses/Problem"],
      ],
    ]
    if operation.hasBody {
      let body = JSONShape.Fields(tool.input.name, operation.fields)
      fields["requestBody"] = [
        "required": .bool(body.all.contains(where: \.isRequired)),
        "content": ["application/json": ["schema": body.exactSchema()]],
      ]
    } else {
      parameters += operation.fields.map(queryParameter)
    }
    if !parameters.isEmpty { fields["parameters"] = .array(parameters) }
    return .object(fields)
  }

  private static func queryParameter(_ field: JSONShape.Field) -> JSONValue {
    var parameter: [String: JSONValue] = [
      "name": .string(field.name), "in": "query", "required": .bool(field.isRequired),
      "schema": field.shape.exactSchema(),
    ]
    switch field.shape {
    case .list, .items:
      parameter["style"] = "form"
      parameter["explode"] = true
    case .textMap:
      parameter["style"] = "deepObject"
      parameter["explode"] = true
    default: break
    }
    if let note = field.note { parameter["description"] = .string(note) }
    return .object(parameter)
  }

  private static let problem: JSONValue = [
    "description": "Why the request was refused, or failed.",
    "content": [
      "application/json": [
        "schema": [
          "type": "object", "required": ["error", "requestID"],
          "properties": [
            "error": [
              "type": "object", "required": ["code", "message"],
              "properties": [
                "code": ["type": "string", "description": "A name that programs can tell apart."],
                "message": [
                  "type": "string", "description": "A line for people; names the field.",
                ],
              ],
            ],
            "requestID": ["type": "string", "description": "As in the header X-Request-Id."],
          ],
        ]
      ]
    ],
  ]
}
