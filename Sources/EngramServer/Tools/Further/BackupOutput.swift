internal import DurableStore

/// A backup as clients are told of it: by its name, and not by where the server keeps it.
struct BackupOutput: Encodable {
  var name: String
  var byteCount: Int
  var episodeCount: Int
  var schemaVersion: Int

  init(_ name: String, _ report: BackupReport) {
    self.name = name
    byteCount = report.byteCount
    episodeCount = report.episodeCount
    schemaVersion = report.schemaVersion
  }
}
