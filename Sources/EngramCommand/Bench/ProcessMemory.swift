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
}
