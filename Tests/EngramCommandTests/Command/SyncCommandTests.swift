import Foundation
import Glibc
import Testing

@Suite("engram sync")
struct SyncCommandTests {
  private struct Validation: Decodable {
    struct Check: Decodable {
      var name: String
      var isPassed: Bool
    }
    var checks: [Check]
    var problems: [String]
  }

  private struct Output: Decodable {
    var validation: Validation?
    var repaired: Validation?
  }

  @Test("A sound cache validates, in words and as JSON")
  func sound() throws {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: CommandHome.lines)
    try home.succeed("index", "rebuild")
    #expect(
      try home.succeed("sync", "validate").output.hasSuffix(
        "the cache agrees with the durable store\n"))
    let found = try home.succeed("sync", "validate", "--format", "json").decode(Output.self)
    #expect(found.validation?.problems == [])
    #expect(found.validation?.checks.count == 8)
    #expect(found.validation?.checks.allSatisfy(\.isPassed) == true)
    #expect(try home.succeed("sync", "status").output.hasPrefix("durable store   there\n"))
  }

  @Test(
    "A store without an index segment that its cache has does not validate until it is repaired")
  func repair() throws {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: CommandHome.lines)
    // Behind the store's back: the triggers that would log the change are dropped.
    let sql = """
      DROP TRIGGER episodes_logged_update;
      UPDATE episodes SET domain = 'changed' WHERE id = 'refund';
      """
    _ = try TestProgram.output(
      "/usr/bin/sqlite3", [home.path + "/engram.db", ".timeout 60000", sql])
    let run = try home.run("sync", "validate")
    #expect(run.status == 1)
    #expect(run.output.contains("problem: 1 cached episodes differ from the store"))
    let repaired = try home.run("sync", "validate", "--repair", "--format", "json")
    #expect(repaired.status == 0, "\(repaired.errors)")
    let output = try repaired.decode(Output.self)
    #expect(output.validation?.problems.count == 1)
    #expect(output.repaired?.problems == [])
    try home.succeed("sync", "validate")
  }

  @Test("Without its store a memory searches, and what writes says so with status 69")
  func storeAway() throws {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: CommandHome.lines)
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: home.path + "/engram.db" + suffix)
    }
    try FileManager.default.moveItem(
      atPath: home.path + "/engram.db", toPath: home.path + "/away.db")
    let search = try home.run("search", "login test")
    #expect(search.status == 0)
    #expect(search.output.contains("Fix the flaky login test"))
    // Once, however often it is tried.
    #expect(search.errorLines.count == 1)
    #expect(search.errors.contains("the durable store is away"))
    let list = try home.run("episode", "list")
    #expect(list.status == 0)
    #expect(list.errorLines.count { $0.contains("only episodes in the cache are listed") } == 1)
    let json = try home.run("episode", "list", "--format", "json")
    #expect(try json.object()["isPartial"] as? Bool == true)
    let write = try home.run("episode", "start", "something")
    #expect(write.status == 69)
    #expect(write.errorLines.last?.contains("the durable store is away") == true)
    #expect(try home.run("sync", "status").status == 1)
    try FileManager.default.moveItem(
      atPath: home.path + "/away.db", toPath: home.path + "/engram.db")
    try home.succeed("sync")
    try home.succeed("episode", "start", "something")
  }

  @Test("--watch carries what is written meanwhile, and ends with status 0 on SIGTERM")
  func watch() throws {
    let home = try CommandHome()
    try home.succeed("init")
    let watching = try EngramProcess.start([
      "sync", "--watch", "--interval", "0.05", "--home", home.path,
    ])
    // Nothing outlives a test that fails.
    defer { if watching.process.isRunning { watching.process.terminate() } }
    func lines() throws -> [String] {
      try String(contentsOf: watching.folder.url.appendingPathComponent("output"), encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    func wait(until condition: () throws -> Bool) throws {
      let end = Date().addingTimeInterval(180)
      while try !condition(), Date() < end { usleep(20_000) }
    }
    try wait { try lines().count == 1 }
    let sql = """
      INSERT INTO episodes (id, task_description, start_time) VALUES ('x', 'from outside', 1);
      """
    _ = try TestProgram.output(
      "/usr/bin/sqlite3", [home.path + "/engram.db", ".timeout 60000", sql])
    try wait { try lines().count == 2 }
    #expect(try lines().last?.contains("1 episodes") == true)
    _ = Glibc.kill(watching.process.processIdentifier, SIGTERM)
    let run = try watching.wait()
    #expect(run.status == 0)
    #expect(run.errors == "")
  }

  @Test("--watch tells that the store is away, and that it is back, once each")
  func watchAway() throws {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: CommandHome.lines)
    try home.succeed("sync")
    let watching = try EngramProcess.start([
      "sync", "--watch", "--interval", "0.05", "--home", home.path,
    ])
    defer { if watching.process.isRunning { watching.process.terminate() } }
    func wait(for count: Int, in name: String) throws {
      let file = watching.folder.url.appendingPathComponent(name)
      let end = Date().addingTimeInterval(180)
      while Date() < end {
        let text = try String(contentsOf: file, encoding: .utf8)
        if text.split(separator: "\n").count >= count { return }
        usleep(20_000)
      }
      Issue.record("fewer than \(count) lines of \(name)")
    }
    try wait(for: 1, in: "output")
    let (store, away) = (home.path + "/engram.db", home.path + "/away.db")
    try FileManager.default.moveItem(atPath: store, toPath: away)
    try wait(for: 1, in: "errors")
    try FileManager.default.moveItem(atPath: away, toPath: store)
    try wait(for: 2, in: "errors")
    _ = Glibc.kill(watching.process.processIdentifier, SIGTERM)
    let run = try watching.wait()
    #expect(run.status == 0)
    #expect(run.errorLines.count == 2)
    #expect(run.errorLines.first?.contains("the durable store is away") == true)
    #expect(run.errorLines.last?.contains("syncs go through again") == true)
  }
}
