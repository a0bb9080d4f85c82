/// Paths as people type them.
enum UserPath {
  /// `path` with a leading `~` read as the user's own folder, where the shell has not done it: in `--home=~/x`,
  /// in quotes, and in files.
  static func expanded(_ path: String, environment: [String: String]) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], home.hasPrefix("/")
    else { return path }
    return home + path.dropFirst()
  }
}
