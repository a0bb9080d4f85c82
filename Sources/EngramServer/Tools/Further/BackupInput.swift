/// Where a backup goes.
struct BackupInput: Decodable {
  var path: String
}
