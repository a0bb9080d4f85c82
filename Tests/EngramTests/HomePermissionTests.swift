import Engram
import Foundation
import Testing

@Suite("Who may read and write a home")
struct HomePermissionTests {
  private func mode(_ path: String) throws -> Int {
    try #require(
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  @Test("Everything in a home is for its owner only, whatever the umask")
  func modes() async throws {
    let home = TemporaryHome()
    let memory = try await home.open()
    var random = RandomEpisodes(seed: 1)
    _ = try await memory.importEpisodes(random.episodes(10))
    _ = try await memory.buildIndex()
    _ = try await memory.search(SearchRequest("login"))
    #expect(try mode(home.path) == 0o700)
    var count = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: home.path) {
      let path = home.file(name)
      var isDirectory: ObjCBool = false
      #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory))
      #expect(try mode(path) == (isDirectory.boolValue ? 0o700 : 0o600), "\(name)")
      count += 1
    }
    #expect(count >= 8)
    await memory.close()
  }

  @Test("A home, or a part of it, that is a symbolic link is refused")
  func links() async throws {
    let real = TemporaryHome()
    try await real.open().close()
    let link = TemporaryHome()
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: real.path)
    for path in [link.path, link.path + "/", link.path + "//"] {
      var configuration = link.configuration()
      configuration.home = Home(path: path)
      let error = await engramError { _ = try await Memory.open(configuration) }
      #expect(error?.code == .unusableHome)
      #expect(error?.message.contains("is a symbolic link") == true, "\(path)")
    }
    for part in ["cache", "cache/records", "cache/segments", "engram.db"] {
      let home = TemporaryHome()
      try await home.open().close()
      try FileManager.default.moveItem(atPath: home.file(part), toPath: home.path + "-elsewhere")
      defer { try? FileManager.default.removeItem(atPath: home.path + "-elsewhere") }
      try FileManager.default.createSymbolicLink(
        atPath: home.file(part), withDestinationPath: home.path + "-elsewhere")
      let error = await engramError { _ = try await home.open() }
      #expect(error?.code == .unusableHome, "\(part)")
      #expect(error?.message.contains(home.file(part)) == true)
    }
  }

  @Test("A home that belongs to another user is refused", .enabled(if: geteuid() == 0))
  func foreignOwner() async throws {
    for part in ["", "cache", "engram.db"] {
      let home = TemporaryHome()
      try await home.open().close()
      let path = part.isEmpty ? home.path : home.file(part)
      #expect(chown(path, 12345, 12345) == 0)
      let error = await engramError { _ = try await home.open() }
      #expect(error?.code == .unusableHome, "\(part)")
      #expect(error?.message.contains("belongs to the user 12345") == true)
    }
  }

  @Test("A home that everybody may write to is refused, and one that others may read is used")
  func sharedHomes() async throws {
    let home = TemporaryHome()
    try FileManager.default.createDirectory(
      atPath: home.path, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o755])
    try await home.open().close()
    #expect(chmod(home.path, 0o777) == 0)
    let error = await engramError { _ = try await home.open() }
    #expect(error?.code == .unusableHome)
    #expect(error?.message.contains("chmod o-w") == true)
  }
}
