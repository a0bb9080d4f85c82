extension String {
  /// The text, followed by spaces up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}
