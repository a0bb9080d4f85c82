internal import Foundation

/// What the operating system says of this process's memory.
enum ProcessMemory {
  /// Bytes of the resident set now; 0 where `/proc` does not tell.
  static var residentBytes: Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return pages * sysconf(Int32(_SC_PAGESIZE))
  }

  /// Bytes of the resident set that belong to no file, and those that do; 0 where `/proc` does not tell.
  static var residentParts: (anonymous: Int, file: Int) {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return (0, 0)
    }
    func bytes(_ name: String) -> Int {
      let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return
        (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0)
        * 1024
    }
    return (bytes("RssAnon"), bytes("RssFile"))
  }
}
