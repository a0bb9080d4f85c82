/// Where a task takes place: what retrieval matches beside the words.
///
/// Domain, language and framework are kept in Unicode's normal form C.
public struct TaskContext: Hashable, Sendable {
  /// The field of work, such as `web-api`; `general` when nothing is known.
  public var domain: String { didSet { domain = domain.composed } }
  public var language: String? { didSet { language = language?.composed } }
  public var framework: String? { didSet { framework = framework?.composed } }
  public var complexity: TaskComplexity
  public var tags: [Tag]

  public init(
    domain: String = "general", language: String? = nil, framework: String? = nil,
    complexity: TaskComplexity = .moderate, tags: [Tag] = []
  ) {
    self.domain = domain.composed
    self.language = language?.composed
    self.framework = framework?.composed
    self.complexity = complexity
    self.tags = tags
  }
}

extension TaskContext: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      domain: try container.decodeIfPresent(String.self, forKey: .domain) ?? "general",
      language: try container.decodeIfPresent(String.self, forKey: .language),
      framework: try container.decodeIfPresent(String.self, forKey: .framework),
      complexity: try container.decodeIfPresent(TaskComplexity.self, forKey: .complexity)
        ?? .moderate,
      tags: try container.decodeIfPresent([Tag].self, forKey: .tags) ?? [])
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case domain, language, framework, complexity, tags
  }

  /// The names of the fields in JSON.
  public static var fieldNames: [String] { CodingKeys.allCases.map(\.rawValue) }
}
