import Engram
import EngramServer
import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("Upkeep over HTTP")
struct MaintenanceTests {
  private func start(_ server: TestServer, _ ids: String..., namespace: String = "default")
    async throws
  {
    for id in ids {
      try await server.json(
        "POST", "/v1/episodes/start",
        [
          "taskDescription": .string("task of \(id)"), "id": .string(id),
          "namespace": .string(namespace),
        ], status: 201)
    }
  }

  @Test("an index is built behind the answer, and its build can be looked at")
  func builds() async throws {
    try await TestServer.with { server in
      try await start(server, "a", "b")
      let begun = try await server.json("POST", "/v1/index/builds", [:], status: 202)
      let id = try #require(begun["build"]?["id"]?.string)
      var build = try await server.json("GET", "/v1/index/builds/\(id)")
      for _ in 0..<600 where build["build"]?["state"] == "running" {
        try await Task.sleep(for: .milliseconds(100))
        build = try await server.json("GET", "/v1/index/builds/\(id)")
      }
      #expect(build["build"]?["state"] == "done")
      #expect(build["build"]?["report"]?["count"] == 2)
      let all = try await server.json("GET", "/v1/index/builds")
      #expect(all["builds"]?.list?.count == 1)
      // One that has ended stays as it is.
      let cancelled = try await server.json("POST", "/v1/index/builds/\(id)/cancel", [:])
      #expect(cancelled["build"]?["state"] == "done")
      try await server.json("GET", "/v1/index/builds/none", status: 404)
    }
  }

  @Test(
    "a build that runs is given up, by a request or by the end of the server, and leaves nothing")
  func cancelledBuild() async throws {
    try await TestServer.with { server in
      let memory = try await server.gate.memory()
      let start = Timestamp(secondsSince1970: 1_780_000_000)
      let episodes = (0..<700).map {
        Episode(
          id: "e\($0)", taskDescription: "task \($0) of \($0 % 61) and \($0 % 37)",
          startTime: start)
      }
      _ = try await memory.importEpisodes(episodes)
      func begin() async throws -> String {
        let begun = try await server.json("POST", "/v1/index/builds", [:], status: 202)
        return try #require(begun["build"]?["id"]?.string)
      }
      var cancelledCount = 0
      // A quick machine may be done before it is told.
      for _ in 0..<5 where cancelledCount == 0 {
        let before = try await memory.indexStatus().segments.map(\.id)
        let id = try await begin()
        let ended = try await server.json("POST", "/v1/index/builds/\(id)/cancel", [:])
        #expect(ended["build"]?["endedAt"] != nil && ended["build"]?["problem"] == nil)
        guard ended["build"]?["state"] != "done" else { continue }
        #expect(ended["build"]?["state"] == "cancelled")
        #expect(try await memory.indexStatus().segments.map(\.id) == before)
        cancelledCount += 1
      }
      #expect(cancelledCount > 0)
      // Another may begin at once, and ends with the server.
      _ = try await begin()
    }
  }

  @Test("a build of nothing fails, and says why")
  func failedBuild() async throws {
    try await TestServer.with { server in
      let begun = try await server.json("POST", "/v1/index/builds", [:], status: 202)
      let id = try #require(begun["build"]?["id"]?.string)
      var build = begun
      for _ in 0..<600 where build["build"]?["state"] == "running" {
        try await Task.sleep(for: .milliseconds(50))
        build = try await server.json("GET", "/v1/index/builds/\(id)")
      }
      #expect(build["build"]?["state"] == "failed")
      #expect(build["build"]?["problem"]?.string?.contains("nothing to index") == true)
    }
  }

  @Test(
    "what cannot be undone asks whether it is meant",
    arguments: [
      ("POST", "/v1/store/vacuum"), ("POST", "/v1/cache/refill"), ("PUT", "/v1/capacity"),
      ("POST", "/v1/capacity/enforce"), ("DELETE", "/v1/namespaces/default"),
    ])
  func confirmation(method: String, path: String) async throws {
    try await TestServer.with { server in
      try await start(server, "a")
      let isQuery = method == "DELETE"
      for value in [nil, false] as [Bool?] {
        let body = value.map { ["confirm": .bool($0)] as JSONValue } ?? [:]
        let query = value.map { "?confirm=\($0)" } ?? ""
        let reply = try await server.http.send(
          method, isQuery ? path + query : path, json: isQuery ? nil : body)
        #expect(reply.status == 400 && reply.message.contains("confirm"), "\(reply.text)")
      }
      #expect(try await server.gate.memory().episode(id: "a") != nil)
      try await server.json(
        method, isQuery ? path + "?confirm=true" : path, isQuery ? nil : ["confirm": true])
    }
  }

  @Test("limits are set, and hold from the next write on")
  func capacity() async throws {
    try await TestServer.with { server in
      try await start(server, "a", "b", "c")
      let preview = try await server.json("POST", "/v1/capacity/preview", ["episodesMax": 1])
      #expect(preview["evicted"] == 2 && preview["isDryRun"] == true)
      let set = try await server.json(
        "PUT", "/v1/capacity", ["confirm": true, "episodesMax": 2])
      #expect(set["limits"]?["episodesMax"] == 2 && set["episodes"] == 3)
      let enforced = try await server.json("POST", "/v1/capacity/enforce", ["confirm": true])
      #expect(enforced["evicted"] == 1)
      #expect(try await server.json("GET", "/v1/capacity")["episodes"] == 2)
      let wrong = try await server.http.send(
        "PUT", "/v1/capacity", json: ["confirm": true, "episodesMax": 0])
      #expect(wrong.status == 400 && wrong.message.contains("episodesMax"))
    }
  }

  @Test("a backup goes into a new file, and replaces none")
  func backup() async throws {
    let folder = NSTemporaryDirectory() + "engram-backup-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await TestServer.with(backupFolder: folder) { server in
      try await start(server, "a")
      let body: JSONValue = ["name": "copy.db"]
      let report = try await server.json("POST", "/v1/store/backups", body, status: 201)
      #expect(report["episodeCount"] == 1 && report["name"] == "copy.db")
      // Where the folder is, is not the clients' affair.
      #expect(report["path"] == nil)
      // Of a database that was moved away.
      try Data("mine".utf8).write(to: URL(fileURLWithPath: folder + "/gone.db-wal"))
      #expect(FileManager.default.fileExists(atPath: folder + "/copy.db"))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/copy.db"))
      for name in [
        "copy.db", "gone.db", "", ".", "..", "../copy2.db", folder + "/copy2.db", ".hidden",
        "copy.db.engram-partial", "copy.db-wal", "other-journal",
      ] {
        let reply = try await server.http.send(
          "POST", "/v1/store/backups", json: ["name": .string(name)])
        #expect(reply.status == 400 && reply.message.contains("name"), "\(name): \(reply.text)")
        #expect(name.contains("/") || !reply.text.contains(folder), "\(reply.text)")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder + "/copy.db")) == bytes)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
          == ["copy.db", "gone.db-wal"])
    }
    try await TestServer.with { server in
      let reply = try await server.http.send("POST", "/v1/store/backups", json: ["name": "a.db"])
      #expect(reply.status == 400 && reply.message.contains("--backup-folder"))
    }
  }

  @Test("namespaces are renamed and forgotten, and changes are told in their order")
  func namespaces() async throws {
    try await TestServer.with { server in
      try await start(server, "a", namespace: "team")
      let renamed = try await server.json(
        "POST", "/v1/namespaces/team/rename", ["name": "crew"])
      #expect(renamed["episodes"] == 1)
      let gone = try await server.json("DELETE", "/v1/namespaces/crew?confirm=true")
      #expect(gone["episodes"] == 1 && gone["isErased"] == true)
      try await server.json("DELETE", "/v1/namespaces/crew?confirm=true", status: 404)
      let page = try await server.json("GET", "/v1/changes?after=0&limit=1000")
      let numbers = (page["changes"]?.list ?? []).compactMap { change -> Int64? in
        if case .integer(let number)? = change["sequence"] { number } else { nil }
      }
      // The episode was written, renamed and forgotten.
      #expect(numbers.count >= 3 && page["isCutOff"] == false)
      #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }, "\(numbers)")
      let last = try #require(page["lastChange"])
      let rest = try await server.json("GET", "/v1/changes?after=\(JSONWriter.text(of: last))")
      #expect(rest["changes"] == [] && rest["isCutOff"] == false)
    }
  }
}
