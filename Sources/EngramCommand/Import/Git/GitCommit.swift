/// A commit and the files it changed, as `git log` tells them.
struct GitCommit: Equatable {
  /// The full name (SHA-1 or SHA-256 in hexadecimal).
  var name: String
  var authorName: String
  var authorEmail: String
  /// Seconds since 1970.
  var authorTime: Int64
  /// Seconds since 1970.
  var committerTime: Int64
  var message: String
  var files: [GitFileChange] = []
  /// All the files, also those beyond the ones kept in `files`.
  var fileCount = 0
  var addedLines = 0
  var removedLines = 0

  /// The first line of the message.
  var subject: Substring { message.prefix(while: { $0 != "\n" }) }
}

/// What a commit did to one file.
struct GitFileChange: Equatable {
  enum Status: String {
    case added = "A"
    case copied = "C"
    case deleted = "D"
    case modified = "M"
    case renamed = "R"
    case typeChanged = "T"
    case unknown = "X"

    /// What the commit does, for the action of a step.
    var verb: String {
      switch self {
      case .added: "add"
      case .copied: "copy"
      case .deleted: "delete"
      case .modified, .unknown: "modify"
      case .renamed: "rename"
      case .typeChanged: "change the type of"
      }
    }
  }

  var status: Status
  var path: String
  /// Where a renamed or copied file was before.
  var originalPath: String?
  /// Nil for a binary file.
  var addedLines: Int?
  var removedLines: Int?
}
