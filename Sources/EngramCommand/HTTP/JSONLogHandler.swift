internal import Episodes
internal import Foundation
internal import Logging

/// Writes log messages to standard error, a JSON object a line.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    Terminal.writeLine(Self.line(event, label: label, metadata: metadata))
  }

  static func line(_ event: LogEvent, label: String, metadata: Logger.Metadata) -> String {
    var fields: [String: JSONValue] = [:]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
      fields[key] = .string("\(value)")
    }
    // What is always there is not hidden by what a message brings.
    fields["time"] = .string(
      Timestamp(secondsSince1970: Date().timeIntervalSince1970).description)
    fields["level"] = .string(event.level.rawValue)
    fields["logger"] = .string(label)
    fields["message"] = .string("\(event.message)")
    return JSONWriter.text(of: .object(fields))
  }
}
