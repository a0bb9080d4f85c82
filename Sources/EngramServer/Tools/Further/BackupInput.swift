internal import Episodes

/// What a backup is to be called, in the folder that whoever started the server has chosen.
struct BackupInput: Decodable {
  var name: String

  /// The path of the backup in `folder`.
  func path(in folder: String?) throws(ValidationError) -> String {
    guard let folder else {
      throw ValidationError(
        field: "name", problem: "has no folder to go to",
        expected: "a server that was started with --backup-folder")
    }
    guard !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= 200,
      !name.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "/") })
    else {
      throw ValidationError(
        field: "name", problem: "is no name of a file",
        expected: "1 to 200 bytes without '/' and control characters, not beginning with '.'")
    }
    // What has them belongs to another backup.
    for ending in ["-wal", "-shm", "-journal", ".engram-partial"] where name.hasSuffix(ending) {
      throw ValidationError(
        field: "name", problem: "ends in '\(ending)', as files that belong to another do",
        expected: "another ending, such as '.db'")
    }
    return folder + "/" + name
  }
}
