import Embedders
import Engram
import Episodes
import Foundation
import Testing

@Suite("Opening a memory")
struct OpeningTests {
  @Test("The home folder is made with all above it, for its owner only")
  func newHome() async throws {
    let home = TemporaryHome()
    let path = home.file("deep/er/home")
    var configuration = home.configuration()
    configuration.home = Home(path: path)
    #expect(!configuration.home.exists)
    let memory = try await Memory.open(configuration)
    #expect(configuration.home.exists)
    await memory.close()
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test(
    "A home that cannot be made is refused with its path",
    arguments: ["/proc/engram", "/dev/null/x"])
  func unwritable(path: String) async throws {
    let error = await engramError {
      _ = try await Memory.open(MemoryConfiguration(home: Home(path: path)))
    }
    #expect(error?.code == .unusableHome)
    #expect(error?.message.contains(path.hasPrefix("/proc") ? path : "/dev/null") == true)
  }

  @Test(
    "A file where a folder should be is refused and left as it is",
    arguments: ["home", "home/cache"])
  func fileInPlace(name: String) async throws {
    let home = TemporaryHome()
    let path = home.file(name)
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
    let error = await engramError {
      _ = try await Memory.open(MemoryConfiguration(home: Home(path: home.file("home"))))
    }
    #expect(error?.code == .unusableHome)
    #expect(error?.message.contains(path) == true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }

  @Test("A store file that is no database is refused and left as it is")
  func noDatabase() async throws {
    let home = TemporaryHome()
    try FileManager.default.createDirectory(atPath: home.path, withIntermediateDirectories: true)
    let bytes = Data("this is no database, and long enough to be looked at as one".utf8)
    try bytes.write(to: URL(fileURLWithPath: home.file("engram.db")))
    let error = await engramError { _ = try await home.open() }
    #expect(error?.code == .storeFailed)
    #expect(error?.message.contains("engram.db") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: home.file("engram.db"))) == bytes)
  }

  @Test("A cache of garbage is set aside and filled anew")
  func garbageCache() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    var random = RandomEpisodes(seed: 51)
    _ = try await memory.importEpisodes(random.episodes(10))
    _ = try await memory.buildIndex()
    await memory.close()
    for name in ["records", "segments"] {
      try Data(repeating: 7, count: 20_000)
        .write(to: URL(fileURLWithPath: home.file("cache/\(name)/data.mdb")))
    }
    memory = try await home.open()
    #expect(try await memory.search(SearchRequest("login", limit: 50)).hits.count == 10)
    #expect(try await memory.indexStatus().segments.count == 1)
    await memory.close()
  }

  @Test("Without its model a memory reads and lists; what needs the model says how to get it")
  func missingModel() async throws {
    let home = TemporaryHome()
    var memory = try await home.open()
    let id = try await memory.startEpisode(NewTask("Fix the build")).id
    await memory.close()
    var configuration = home.configuration()
    configuration.embedder = {
      try MiniLMEmbedder(model: MiniLMModel(directory: "/nowhere/at/all"))
    }
    memory = try await Memory.open(configuration)
    #expect(try await memory.episode(id: id)?.taskDescription == "Fix the build")
    #expect(try await memory.episodes().episodes.count == 1)
    try await memory.logStep(NewStep(tool: "make", action: "run it"), in: id)
    for body: () async throws -> Void in [
      { _ = try await memory.search(SearchRequest("build")) },
      { _ = try await memory.startEpisode(NewTask("Another")) },
      { _ = try await memory.buildIndex() },
    ] {
      let error = await engramError(body)
      #expect(error?.code == .modelMissing)
      #expect(error?.message.contains("/nowhere/at/all") == true)
      #expect(error?.message.contains("make model") == true)
    }
    try await memory.deleteEpisode(id)
    #expect(try await memory.statistics().episodes == 0)
    await memory.close()
  }

  @Test("The home follows ENGRAM_HOME's rules: relative paths are taken from the working directory")
  func relativeHome() {
    let home = Home(path: "memory")
    #expect(home.path == FileManager.default.currentDirectoryPath + "/memory")
    #expect(Home(path: "/memory").databasePath == "/memory/engram.db")
  }
}
