import Episodes

extension WireTaskType {
  init(_ type: TaskType) {
    switch type {
    case .codeGeneration: self = .codeGeneration
    case .debugging: self = .debugging
    case .refactoring: self = .refactoring
    case .testing: self = .testing
    case .analysis: self = .analysis
    case .documentation: self = .documentation
    case .other: self = .other
    }
  }

  func taskType() throws(WireError) -> TaskType {
    switch self {
    case .codeGeneration: .codeGeneration
    case .debugging: .debugging
    case .refactoring: .refactoring
    case .testing: .testing
    case .analysis: .analysis
    case .documentation: .documentation
    case .other: .other
    case .unspecified, .UNRECOGNIZED: throw .field("task_type")
    }
  }
}

extension WireTaskComplexity {
  init(_ complexity: TaskComplexity) {
    switch complexity {
    case .simple: self = .simple
    case .moderate: self = .moderate
    case .complex: self = .complex
    }
  }

  func taskComplexity() throws(WireError) -> TaskComplexity {
    switch self {
    case .simple: .simple
    case .moderate: .moderate
    case .complex: .complex
    case .unspecified, .UNRECOGNIZED: throw .field("complexity")
    }
  }
}
