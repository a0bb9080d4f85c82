/// Figures in the text format that Prometheus reads.
struct PrometheusText {
  private(set) var text = ""

  /// Adds a figure, with as many samples as it has labels for.
  ///
  /// - Parameter type: counter, gauge or histogram.
  mutating func add(
    _ name: String, _ help: String, type: String,
    _ samples: [(suffix: String, labels: [(String, String)], value: Double)]
  ) {
    guard !samples.isEmpty else { return }
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    for sample in samples {
      text += name + sample.suffix
      if !sample.labels.isEmpty {
        text +=
          "{" + sample.labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
      }
      text += " \(Self.number(sample.value))\n"
    }
  }

  mutating func gauge(_ name: String, _ help: String, _ value: Double) {
    add(name, help, type: "gauge", [("", [], value)])
  }

  mutating func counter(_ name: String, _ help: String, _ value: Double) {
    add(name, help, type: "counter", [("", [], value)])
  }

  static func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? "\(value)"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.append(character)
      }
    }
  }
}
