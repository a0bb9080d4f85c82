/// Prints the measurements of a benchmark as they come: a line of JSON each, or the rows of a table.
struct MeasurementPrinter {
  private let format: OutputFormat
  /// Printed before the first row, so that what fails before there is any prints nothing.
  private var heading: String?

  init(_ format: OutputFormat, heading: String? = nil) {
    self.format = format
    self.heading = heading
  }

  /// - Parameter row: what people read.
  mutating func print<Measurement: Encodable>(
    _ measurement: Measurement, row: (Measurement) -> String
  ) throws {
    switch format {
    case .json: try StandardOutput.printLine(JSONOutput.line(measurement))
    case .text:
      if let heading { try StandardOutput.printLine(heading) }
      heading = nil
      try StandardOutput.printLine(row(measurement))
    }
  }
}
