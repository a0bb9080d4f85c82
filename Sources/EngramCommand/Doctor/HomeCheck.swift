internal import Engram
internal import Foundation

/// The home folder and its rights.
enum HomeCheck {
  static func findings(_ home: Home) -> [DoctorFinding] {
    let path = home.path
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else {
        let reason = String(cString: strerror(errno))
        return [
          .problem("home", "\(path): \(reason)", mend: "name another with --home or ENGRAM_HOME")
        ]
      }
      return [
        .warning("home", "there is no memory in \(path)", mend: "'engram init' makes one")
      ]
    }
    if status.st_mode & S_IFMT == S_IFLNK {
      return [
        .problem("home", "\(path) is a symbolic link", mend: "name the folder that it leads to")
      ]
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return [.problem("home", "\(path) is not a folder", mend: "name a folder with --home")]
    }
    guard status.st_uid == geteuid() else {
      return [
        .problem(
          "home", "\(path) belongs to the user \(status.st_uid), and this one is \(geteuid())",
          mend: "run as that user, or 'chown' it")
      ]
    }
    guard access(path, R_OK | W_OK | X_OK) == 0 else {
      return [.problem("home", "\(path) cannot be written", mend: "chmod u+rwx '\(path)'")]
    }
    guard home.exists else {
      return [.warning("home", "there is no memory in \(path)", mend: "'engram init' makes one")]
    }
    return rights(path, status.st_mode) + networks(path)
  }

  private static func rights(_ path: String, _ mode: mode_t) -> [DoctorFinding] {
    if mode & S_IWOTH != 0 {
      return [
        .problem("home", "\(path) can be written by everybody", mend: "chmod go-rwx '\(path)'")
      ]
    }
    if mode & (S_IRWXG | S_IRWXO) != 0 {
      return [
        .warning("home", "other users can look into \(path)", mend: "chmod go-rwx '\(path)'")
      ]
    }
    return [.ok("home", path)]
  }

  private static let networkSystems: Set<String> = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs",
  ]

  /// SQLite's log and LMDB share memory between processes, which file systems of networks do not.
  private static func networks(_ path: String) -> [DoctorFinding] {
    guard let mounts = FileManager.default.contents(atPath: "/proc/self/mounts") else { return [] }
    // Device, folder, kind; the longest folder that the path is in is its own.
    let lines = String(decoding: mounts, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    let own = lines.filter { line in
      line.count > 2 && (path + "/").hasPrefix(line[1] == "/" ? "/" : line[1] + "/")
    }.max { $0[1].utf8.count < $1[1].utf8.count }
    guard let kind = own?[2], networkSystems.contains(kind) else { return [] }
    return [
      .warning(
        "file system",
        "\(path) is on \(kind), where several processes cannot share a memory safely",
        mend: "put the home on a local disk")
    ]
  }
}
