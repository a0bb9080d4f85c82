import Foundation
import Glibc
import Testing

@Suite("Where exports and backups may be written")
struct OutputPlaceTests {
  private func filledHome() throws -> CommandHome {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: CommandHome.lines)
    return home
  }

  private func kind(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
  }

  private static let commands = [["export"], ["store", "backup"]]

  private func run(
    _ command: [String], _ home: CommandHome, _ arguments: String...
  ) throws -> EngramProcess.Run {
    try EngramProcess.run(command + arguments + ["--home", home.path])
  }

  @Test("No file of a home is replaced, by whatever name", arguments: commands)
  func insideHome(command: [String]) throws {
    let home = try filledHome()
    let episodes = try home.succeed("export").output
    let link = home.folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: home.path)
    let other = try filledHome()
    for path in [
      home.path + "/engram.db", home.path + "/engram.db-wal", home.path + "/new.file",
      home.path + "/cache/records/data.mdb", home.path + "/cache/../engram.db",
      link + "/engram.db", link + "/cache/new.file", other.path + "/engram.db",
    ] {
      for flags in [[], ["--overwrite"]] {
        let run = try EngramProcess.run(command + [path] + flags + ["--home", home.path])
        expectFailure(run, status: 73, naming: path, "home folder")
      }
    }
    #expect(try home.succeed("export").output == episodes)
    #expect(try other.succeed("export").output == episodes)
    #expect(try home.succeed("store", "check").output == "the durable store is sound\n")
    #expect(!FileManager.default.fileExists(atPath: home.path + "/new.file"))
  }

  @Test("A file that is there is replaced only with --overwrite", arguments: commands)
  func existing(command: [String]) throws {
    let home = try filledHome()
    let path = try home.folder.write("mine", to: "mine")
    // A name like that of an unfinished file is nobody's but the user's.
    let partial = command == ["export"] ? try home.folder.write("too", to: "mine.partial") : nil
    #expect(chmod(path, 0o644) == 0)
    expectFailure(try run(command, home, path), status: 73, naming: path, "--overwrite")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    #expect(try run(command, home, path, "--overwrite").status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count > 100)
    if let partial { #expect(try String(contentsOfFile: partial, encoding: .utf8) == "too") }
    let names = ["home", "mine"] + (partial == nil ? [] : ["mine.partial"])
    #expect(try home.folder.names() == names)
  }

  @Test("Only the owner may read what is written", arguments: commands)
  func mode(command: [String]) throws {
    let home = try filledHome()
    let path = home.folder.path("new")
    #expect(try run(command, home, path).status == 0)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test("Links, pipes, devices and folders are not replaced", arguments: commands)
  func notRegular(command: [String]) throws {
    let home = try filledHome()
    let target = try home.folder.write("mine", to: "target")
    let (link, dangling, pipe) = (
      home.folder.path("link"), home.folder.path("dangling"), home.folder.path("pipe")
    )
    #expect(symlink(target, link) == 0)
    #expect(symlink(home.folder.path("none"), dangling) == 0)
    #expect(mkfifo(pipe, 0o600) == 0)
    let folder = home.folder.path("folder")
    #expect(mkdir(folder, 0o700) == 0)
    for (path, kind, word) in [
      (link, S_IFLNK, "symbolic link"), (dangling, S_IFLNK, "symbolic link"),
      (pipe, S_IFIFO, "pipe or a device"), (folder, S_IFDIR, "folder"),
      ("/dev/null", S_IFCHR, "pipe or a device"),
    ] {
      for flags in [[], ["--overwrite"]] {
        let run = try EngramProcess.run(command + [path] + flags + ["--home", home.path])
        expectFailure(run, status: 73, naming: path, word)
        #expect(self.kind(path) == kind, "\(path)")
      }
    }
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "mine")
    #expect(try home.folder.names() == ["dangling", "folder", "home", "link", "pipe", "target"])
  }

  @Test("A folder that is not there is named", arguments: commands)
  func missingFolder(command: [String]) throws {
    let home = try filledHome()
    let path = home.folder.path("none/new")
    expectFailure(try run(command, home, path), status: 73, naming: path, "folder does not exist")
  }
}
