/// One step that a playbook recommends.
public struct PlaybookStep: Hashable, Sendable, Codable {
  public var action: String
  public var toolHint: String?
  public var expected: String?

  public init(action: String, toolHint: String? = nil, expected: String? = nil) {
    self.action = action
    self.toolHint = toolHint
    self.expected = expected
  }
}
