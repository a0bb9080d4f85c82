import Engram
import Episodes
import Foundation
import Testing

@testable import EngramServer

@Suite("Resources and prompts")
struct ResourceTests {
  @Test(
    "ids of any characters survive in the names of resources",
    arguments: ["plain", "a/b?c#d", "100%", "é—日本", "a%2Fb", "~._-"])
  func names(id: String) throws {
    for uri in [ResourceURI.episode(id), .pattern(id)] {
      #expect(ResourceURI(uri.description) == uri)
      #expect(uri.description.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
  }

  @Test(
    "what is no name of a resource is none",
    arguments: [
      "", "engram://", "engram://episode/", "engram://episode/%", "engram://episode/%zz",
      "engram://episode/%+5",
      "engram://episode/%-1",
    ])
  func refuses(text: String) {
    #expect(ResourceURI(text) == nil)
  }

  @Test("are listed in pages, episodes first, and read whole", arguments: [false, true])
  func list(isStateless: Bool) async throws {
    try await TestClient.with(isStateless: isStateless) { client in
      let memory = try await client.gate.memory()
      _ = try await memory.importEpisodes((1...60).map { Self.episode($0) })
      _ = try await memory.learnPending()
      var uris: [String] = []
      var params: [String: JSONValue] = [:]
      for _ in 1...10 {
        let page = try await client.result("resources/list", params)
        uris += page["resources"]?.list?.compactMap { $0["uri"]?.string } ?? []
        guard let next = page["nextCursor"] else { break }
        params["cursor"] = next
      }
      #expect(Set(uris).count == uris.count)
      #expect(uris.filter { $0.hasPrefix("engram://episode/") }.count == 60)
      let pattern = try #require(uris.first { $0.hasPrefix("engram://pattern/") })
      for uri in [uris[0], pattern] {
        let read = try await client.result("resources/read", ["uri": .string(uri)])
        #expect(read["contents"]?[0]?["uri"] == .string(uri))
        #expect(read["contents"]?[0]?["mimeType"] == "application/json")
        let text = try #require(read["contents"]?[0]?["text"]?.string)
        let id = try #require(try JSONReader.value(of: text)["id"]?.string)
        #expect(uri.hasSuffix(id))
        if isStateless { #expect(read["cacheScope"] == "private") }
      }
      let templates = try await client.result("resources/templates/list")
      #expect(
        templates["resourceTemplates"]?.list?.compactMap { $0["uriTemplate"]?.string }
          == ["engram://episode/{id}", "engram://pattern/{id}"])
      if isStateless {
        let missing = ["uri": JSONValue.string("engram://episode/nobody")]
        #expect(try await client.error("resources/read", missing).code == -32602)
      }
    }
  }

  @Test("prompts hold what the memory knows")
  func prompts() async throws {
    try await TestClient.with { client in
      _ = try await client.gate.memory().importEpisodes([Self.episode(1)])
      let list = try await client.result("prompts/list")
      #expect(
        list["prompts"]?.list?.compactMap { $0["name"]?.string }
          == ["recall-before-task", "reflect-after-task"])
      #expect(list["prompts"]?[0]?["arguments"]?[0]?["required"] == .bool(true))
      let recall = try await client.result(
        "prompts/get", ["name": "recall-before-task", "arguments": ["task": "number 1"]])
      let text = try #require(recall["messages"]?[0]?["content"]?["text"]?.string)
      #expect(text.contains("the task number 1 [episode-1]"))
      let reflect = try await client.result(
        "prompts/get",
        ["name": "reflect-after-task", "arguments": ["episodeID": "episode-1", "outcome": "fine"]])
      let told = try #require(reflect["messages"]?[0]?["content"]?["text"]?.string)
      #expect(told.contains("1. tool-1: act"))
      #expect(told.contains("How it ended: fine"))
      for (arguments, part) in [
        ([:], "arguments.task: is missing; expected the task, in words"),
        (["task": "x", "domian": "y"], "'domain'"),
        (["task": 7], "arguments.task: is a number"),
      ] as [(JSONValue, String)] {
        let error = try await client.error(
          "prompts/get", ["name": "recall-before-task", "arguments": arguments])
        #expect(error.code == -32602)
        #expect(error.message.contains(part), "\(error.message)")
      }
      let nobody = try await client.error(
        "prompts/get", ["name": "reflect-after-task", "arguments": ["episodeID": "nobody"]])
      #expect(nobody.code == -32602)
    }
  }

  @Test("arguments are completed")
  func completion() async throws {
    try await TestClient.with { client in
      _ = try await client.gate.memory().importEpisodes((1...12).map { Self.episode($0) })
      let prompt: JSONValue = ["type": "ref/prompt", "name": "reflect-after-task"]
      let ids = try await client.result(
        "completion/complete",
        ["ref": prompt, "argument": ["name": "episodeID", "value": "episode-1"]])
      #expect(ids["completion"]?["total"] == 4)
      let domains = try await client.result(
        "completion/complete",
        [
          "ref": ["type": "ref/prompt", "name": "recall-before-task"],
          "argument": ["name": "domain", "value": "we"],
        ])
      #expect(domains["completion"]?["values"] == ["web"])
      let template = try await client.result(
        "completion/complete",
        [
          "ref": ["type": "ref/resource", "uri": "engram://episode/{id}"],
          "argument": ["name": "id", "value": "episode-12"],
        ])
      #expect(template["completion"]?["values"] == ["episode-12"])
      #expect(
        try await client.error(
          "completion/complete", ["ref": ["type": "x"], "argument": ["name": "a", "value": ""]]
        ).code == -32602)
    }
  }

  static func episode(_ number: Int) -> Episode {
    let start = Timestamp(nanosecondsSince1970: 1_772_442_845_000_000_000 + Int64(number))
    return Episode(
      id: "episode-\(number)", taskDescription: "the task number \(number)",
      context: TaskContext(domain: "web"), startTime: start,
      endTime: Timestamp(nanosecondsSince1970: start.nanosecondsSince1970 + 1_000_000_000),
      steps: [
        ExecutionStep(
          number: 1, timestamp: start, tool: "tool-\(number % 3)", action: "act",
          result: .success(output: "done")),
        ExecutionStep(
          number: 2, timestamp: start, tool: "other", action: "go on",
          result: .success(output: "done")),
      ], outcome: .success(verdict: "went well", artifacts: []))
  }
}
