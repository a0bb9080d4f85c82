public import ArgumentParser

/// How a command writes its result (`--format`).
public enum OutputFormat: String, Hashable, Sendable, CaseIterable, ExpressibleByArgument {
  /// For people.
  case text
  /// For programs: one JSON document, or one JSON object a line where results come one by one.
  case json
}
