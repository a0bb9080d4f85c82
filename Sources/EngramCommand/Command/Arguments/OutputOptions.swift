internal import ArgumentParser

/// How a command prints.
struct OutputOptions: ParsableArguments {
  @Option(help: "How to print: text for people, json for programs.")
  var format: OutputFormat = .text

  /// Prints `value` as one JSON document, or what `text` says.
  func print(_ value: some Encodable, text: () -> String) throws {
    switch format {
    case .text: try StandardOutput.printLine(text())
    case .json: try StandardOutput.printLine(JSONOutput.document(value))
    }
  }
}
