/// A note beside an environment that all of it was read and found sound, and what its file was like then.
///
/// While the note fits the file, opening need not read it all again. It may be missing, or lost: that costs
/// one more check.
struct CheckedNote {
  private let path: String
  private let stamp: String?

  /// Looks at the file as it is now: what is written to it later makes the note worthless.
  init(directory: String) {
    path = Self.path(directory: directory)
    stamp = SettledFileMark.of(directory + "/data.mdb")
  }

  static func path(directory: String) -> String { directory + ".checked" }

  var isValid: Bool { stamp != nil && FileSystem.text(of: path, bytesMax: 1024) == stamp }

  /// Notes that the file was sound after this object was made.
  func write() {
    if let stamp { FileSystem.replace(path, by: stamp) }
  }
}
