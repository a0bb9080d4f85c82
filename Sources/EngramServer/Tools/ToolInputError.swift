/// Arguments that a tool does not take: the field, what is wrong with it, and what would be right.
package struct ToolInputError: Error, CustomStringConvertible {
  package var path: String
  package var problem: String
  package var advice: String

  package var description: String {
    (path.isEmpty ? "arguments" : path) + ": \(problem); \(advice)"
  }
}
