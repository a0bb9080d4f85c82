import Episodes
import Foundation
import Testing
import Transcripts

@testable import EngramCommand

@Suite("Places in transcripts")
struct TranscriptPlaceTests {
  private func counts(_ home: CommandHome, _ path: String) throws -> [String: Int] {
    try home.succeed("import", "transcript", path, "--format", "json").object()
      .compactMapValues { $0 as? Int }
  }

  private func chat(_ request: String, _ answer: String) -> String {
    """
    {"role": "user", "content": "\(request)"}
    {"role": "assistant", "content": "\(answer)"}

    """
  }

  @Test("They are of one store: another one is told all")
  func stores() throws {
    let home = try CommandHome()
    let path = try home.folder.write(TranscriptCommandTests.session("s1", 1...2), to: "a.jsonl")
    #expect(try counts(home, path)["added"] == 2)
    for name in try FileManager.default.contentsOfDirectory(atPath: home.path)
    where name != "transcripts" {
      try FileManager.default.removeItem(atPath: home.path + "/" + name)
    }
    #expect(try counts(home, path)["added"] == 2)
    #expect(try counts(home, path)["unchangedFiles"] == 1)
  }

  @Test(
    "Numbers in them that no file can have are not counted on",
    arguments: ["requestCount", "lineNumber"])
  func hostile(field: String) throws {
    let home = try CommandHome()
    let path = try home.folder.write(TranscriptCommandTests.session("s1", 1...2), to: "a.jsonl")
    #expect(try counts(home, path)["added"] == 2)
    let folder = home.path + "/transcripts/"
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    let text = try String(contentsOfFile: folder + name, encoding: .utf8)
    let changed = text.replacingOccurrences(
      of: "\"\(field)\":[0-9]+", with: "\"\(field)\":\(Int.max)", options: .regularExpression)
    #expect(changed != text)
    try changed.write(toFile: folder + name, atomically: true, encoding: .utf8)
    _ = try home.folder.write(TranscriptCommandTests.session("s1", 1...3), to: "a.jsonl")
    #expect(try counts(home, path)["added"] == 1)
  }

  @Test("A chat that comes into the file of another one does not change that one's episodes")
  func replaced() throws {
    let home = try CommandHome()
    let path = try home.folder.write(chat("fix the login page", "it works"), to: "chat.jsonl")
    #expect(try counts(home, path)["added"] == 1)
    _ = try home.folder.write(chat("deploy the shop", "the database is deployed"), to: "chat.jsonl")
    #expect(try counts(home, path)["added"] == 1)
    let found = try home.succeed("episode", "list", "--format", "json")
    let episodes = try found.object()["episodes"] as? [[String: Any]] ?? []
    #expect(
      Set(episodes.compactMap { $0["taskDescription"] as? String }) == [
        "fix the login page", "deploy the shop",
      ])
    for episode in episodes where episode["taskDescription"] as? String == "fix the login page" {
      let id = try #require(episode["id"] as? String)
      let shown = try home.succeed("episode", "show", id, "--format", "json").object()
      #expect((shown["outcome"] as? [String: Any])?["verdict"] as? String == "it works")
    }
  }

  @Test("A link in the place of a folder is followed")
  func links() throws {
    let home = try CommandHome()
    _ = try home.folder.write(TranscriptCommandTests.session("s1", 1...2), to: "real/p/s1.jsonl")
    try FileManager.default.createSymbolicLink(
      atPath: home.folder.path("link"), withDestinationPath: home.folder.path("real"))
    #expect(try counts(home, home.folder.path("link"))["added"] == 2)
  }

  @Test("A last line without its end is one line when the end comes")
  func lineNumbers() throws {
    let home = try CommandHome()
    let line =
      #"{"id": "c", "messages": [{"role": "user", "content": "fix it"}, "#
      + #"{"role": "assistant", "content": "done"}]}"#
    let path = try home.folder.write(line, to: "a.jsonl")
    #expect(try counts(home, path)["added"] == 1)
    _ = try home.folder.write(line + "\n{broken\n", to: "a.jsonl")
    let run = try home.run("import", "transcript", path)
    #expect(run.status == 65 && run.errors.contains("a.jsonl: line 2: "), "\(run.errors)")
  }

  @Test("What was stopped in the midst of a file goes on there")
  func unfinished() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(TranscriptCommandTests.session("s1", 1...5), to: "a.jsonl")
    let file = try TranscriptFile(path: path, options: TranscriptFile.Options())
    var told: [(ids: [String], place: TranscriptPlace?)] = []
    let whole = try await file.read(from: nil) { told.append(($0.map(\.id), $1)) }
    #expect(whole?.isContinued == false && told.count == 5)
    let reached = try #require(told[2].place)
    let place = try file.unfinished(reached)
    #expect(place.stamp != file.stamp && place.lineNumber == 12)
    var rest: [String] = []
    let result = try await file.read(from: place) { episodes, _ in rest += episodes.map(\.id) }
    #expect(result?.isContinued == true && rest == told[3...].flatMap(\.ids))
    #expect(result?.place == whole?.place)
  }

  #if os(Linux)
    @Test(
      "A folder that went before it could be followed does not have the others looked through for ever"
    )
    func goneFolders() throws {
      let folder = try TemporaryFolder()
      let events = try #require(FolderEvents())
      events.follow(folder.path("gone"), isDeep: false)
      events.follow(folder.url.path, isDeep: true)
      #expect(!events.isComplete)
      _ = try folder.write("x", to: "a.jsonl")
      #expect(events.take() && events.isComplete)
    }
  #endif
}
