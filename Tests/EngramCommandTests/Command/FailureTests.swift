import Embedders
import Foundation
import Testing

@Suite("Failures on the command line: one line, and a status of their own")
struct FailureTests {
  @Test("No memory in the home folder")
  func noMemory() throws {
    let home = try CommandHome()
    for command in [
      ["search", "x"], ["stats"], ["sync"], ["index", "build"], ["index", "status"],
      ["index", "verify"], ["episode", "show", "x"], ["episode", "list"],
      ["episode", "delete", "x"],
    ] {
      expectFailure(
        try EngramProcess.run(command + ["--home", home.path]), status: 66,
        naming: home.path, "engram init")
    }
    #expect(!FileManager.default.fileExists(atPath: home.path))
  }

  @Test("A home folder that cannot be made, and a file in its place")
  func unusableHome() throws {
    expectFailure(
      try EngramProcess.run("init", "--home", "/proc/engram"), status: 73, naming: "/proc/engram")
    let folder = try TemporaryFolder()
    let file = try folder.write("mine", to: "home")
    expectFailure(
      try EngramProcess.run("init", "--home", file), status: 73, naming: file, "not a folder")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
  }

  @Test("ENGRAM_HOME names the home folder")
  func environment() throws {
    let home = try CommandHome()
    let run = try EngramProcess.run(
      ["init", "--format", "json"], environment: ["ENGRAM_HOME": home.path])
    #expect(try run.object()["home"] as? String == home.path)
  }

  @Test("A store file that is no database")
  func noDatabase() throws {
    let home = try CommandHome()
    _ = try home.folder.write(
      "this is no database, and long enough to be looked at as one", to: "home/engram.db")
    expectFailure(try home.run("stats"), status: 74, naming: "engram.db", "not an SQLite database")
  }

  @Test("An import file that is not there")
  func missingFile() throws {
    let home = try CommandHome()
    expectFailure(
      try home.run("import", "jsonl", home.folder.path("none.jsonl")), status: 66,
      naming: "none.jsonl", "No such file")
    expectFailure(
      try home.run("eval", "retrieval", "--queries", home.folder.path("none.jsonl")), status: 66,
      naming: "none.jsonl")
  }

  @Test("An import of another kind of file says what it is, and names no more than a hundred lines")
  func foreignFile() throws {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: CommandHome.lines)
    let backup = home.folder.path("backup.db")
    try home.succeed("store", "backup", backup)
    let database = try home.run("import", "jsonl", backup)
    #expect(database.status == 65)
    #expect(database.errorLines.first?.contains("line 1: begins an SQLite database") == true)
    #expect(database.errorLines.count <= 101)
    let lines = String(repeating: "[]\n", count: 150)
    let run = try home.run("import", "jsonl", "-", input: lines)
    #expect(run.status == 65)
    #expect(run.errorLines.count == 101)
    #expect(run.errorLines.last?.contains("and 50 more") == true)
    #expect(run.output.contains("150 lines could not be read"))
  }

  @Test("A model that is not there, and one that is cut off")
  func model() throws {
    let home = try CommandHome()
    try home.succeed("init")
    let folder = home.folder.path("model")
    let commands = [
      ["search", "x", "--home", home.path], ["episode", "start", "x", "--home", home.path],
      ["embed", "--output", home.folder.path("x.npy")],
    ]
    for command in commands {
      expectFailure(
        try EngramProcess.run(command, environment: ["ENGRAM_MODEL_DIR": folder]), status: 69,
        naming: folder, "make model")
    }
    let model = try MiniLMModel.locate().directory
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: model + "/vocab.txt", toPath: folder + "/vocab.txt")
    let weights = try FileHandle(forReadingFrom: URL(fileURLWithPath: model + "/model.safetensors"))
    let head = try weights.read(upToCount: 1_000_000)
    try #require(head).write(to: URL(fileURLWithPath: folder + "/model.safetensors"))
    for command in commands {
      expectFailure(
        try EngramProcess.run(command, environment: ["ENGRAM_MODEL_DIR": folder]), status: 74,
        naming: folder + "/model.safetensors", "90856960", "988584")
    }
    #expect(!FileManager.default.fileExists(atPath: home.folder.path("x.npy")))
  }

  @Test("An index segment with a flipped bit is named by the check, and carried again by a search")
  func corruptSegment() throws {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    let size = try #require(
      try home.succeed("index", "build", "--format", "json").object()["byteCount"] as? Int)
    let path = home.path + "/cache/segments/data.mdb"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let image = try #require(bytes.range(of: Data("ENGRAMSG".utf8))).lowerBound + 48
    bytes[image + size * 3 / 4] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let verified = try home.run("index", "verify", "--format", "json")
    #expect(verified.status == 1)
    #expect((try verified.object()["problems"] as? [String])?.count == 1)
    let checked = try home.run("cache", "check", "--format", "json")
    #expect(checked.status == 1)
    #expect(try checked.object()["damagedSegments"] as? [Int] == [1])
    let search = try home.run("search", "login", "--limit", "1")
    #expect(search.status == 0 && search.output.contains("login"))
    #expect(search.errors.contains("index segments [1] of the cache are damaged"))
    try home.succeed("index", "verify")
    try home.succeed("cache", "check")
  }
}
