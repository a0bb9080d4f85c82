import Episodes

/// The context of a task as one JSON text, where it has no columns of its own.
extension JSONColumns {
  static func context(_ context: TaskContext) -> String {
    var fields: [String: JSONValue] = [
      "domain": .string(context.domain), "complexity": .string(context.complexity.rawValue),
      "tags": .array(context.tags.map { .string($0.name) }),
    ]
    if let language = context.language { fields["language"] = .string(language) }
    if let framework = context.framework { fields["framework"] = .string(framework) }
    return JSONWriter.text(of: .object(fields))
  }

  static func context(_ text: String) throws(JSONTextError) -> TaskContext {
    let object = try JSONTextReader.parse(text).object()
    let name = try object.value("complexity").string()
    guard let complexity = TaskComplexity(rawValue: name) else {
      throw JSONTextError(problem: "unknown complexity '\(name)'")
    }
    return TaskContext(
      domain: try object.value("domain").string(), language: try object["language"]?.string(),
      framework: try object["framework"]?.string(), complexity: complexity,
      tags: try tags(JSONWriter.text(of: try object.value("tags"))))
  }
}
