internal import Foundation

/// The files of a folder, and of those in it, that may be transcripts.
enum TranscriptFolder {
  /// The paths, those that were changed first before others; links to folders in it are not followed.
  static func files(in folder: String) -> [String] {
    var found: [(path: String, modified: Double)] = []
    let base = resolved(folder)
    guard let names = FileManager.default.enumerator(atPath: base) else { return [] }
    while let name = names.nextObject() as? String {
      guard name.hasSuffix(".jsonl") || name.hasSuffix(".json"), !name.hasSuffix(".meta.json")
      else { continue }
      var status = stat()
      let path = base + "/" + name
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
        continue
      }
      let modified = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
      found.append((path, modified))
    }
    return found.sorted { ($0.modified, $0.path) < ($1.modified, $1.path) }.map(\.path)
  }

  /// The folder that a link stands for: nothing is told of what a link holds.
  static func resolved(_ folder: String) -> String {
    URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
  }

  /// Where Claude Code keeps its sessions.
  static func claudeCode(_ environment: [String: String]) -> String {
    let home = environment["HOME"] ?? ""
    return (environment["CLAUDE_CONFIG_DIR"] ?? home + "/.claude") + "/projects"
  }

  /// Where Codex keeps its sessions.
  static func codex(_ environment: [String: String]) -> String {
    let home = environment["HOME"] ?? ""
    return (environment["CODEX_HOME"] ?? home + "/.codex") + "/sessions"
  }
}
