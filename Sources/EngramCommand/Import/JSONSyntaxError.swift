/// Text that is not JSON: where, and what is wrong there.
struct JSONSyntaxError: Error, Hashable, Sendable {
  /// The byte in the text, from 1.
  var column: Int
  var problem: String
}
