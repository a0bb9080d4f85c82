/// The columns of a step.
package enum StepColumn {
  package static let number = 0
  package static let timestamp = 1
  package static let tool = 2
  package static let action = 3
  package static let parameters = 4
  package static let resultKind = 5
  package static let resultText = 6
  package static let latencySeconds = 7
  package static let tokensUsed = 8
  package static let metadata = 9
  static let count = 10
}
