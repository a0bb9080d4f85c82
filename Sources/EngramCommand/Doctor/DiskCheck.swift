internal import Engram
internal import Foundation

/// Room on the disk.
enum DiskCheck {
  private static let bytesMin = 100 << 20

  static func findings(_ home: Home) -> [DoctorFinding] {
    var path = home.path
    var status = statvfs()
    // A home that is yet to be made is on the disk of the folder above it.
    while statvfs(path, &status) != 0 {
      guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return [] }
      path = String(path[..<slash])
    }
    let free = Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    let found = "\(Units.bytes(free)) free"
    if free < bytesMin {
      return [.problem("disk", found, mend: "make room: writes fail on a full disk")]
    }
    var file = stat()
    let store = stat(home.databasePath, &file) == 0 ? Int(file.st_size) : 0
    // A rewritten store is beside the old one for a while.
    if free < 2 * store {
      return [
        .warning(
          "disk", "\(found), and the store has \(Units.bytes(store))",
          mend: "make room: 'forget' and 'store vacuum' rewrite the store")
      ]
    }
    return [.ok("disk", found)]
  }
}
