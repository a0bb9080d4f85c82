import Episodes
import Testing

@testable import EngramCommand

@Suite("A host's configuration in JSON")
struct JSONConfigurationTests {
  private let entry = MCPServerEntry(command: "engram", arguments: ["mcp"])

  @Test("is made where there is none")
  func isMade() throws {
    #expect(
      try JSONConfiguration.adding(entry, to: "", for: .cursor) == """
        {
          "mcpServers": {
            "engram": {
              "command": "engram",
              "args": ["mcp"]
            }
          }
        }

        """)
    #expect(
      try JSONConfiguration.adding(entry, to: "{}", for: .vscode) == """
        {
          "servers": {
            "engram": {
              "type": "stdio",
              "command": "engram",
              "args": ["mcp"]
            }
          }
        }
        """)
  }

  @Test("keeps all else as it is written: order, blanks, numbers, escapes")
  func keepsTheRest() throws {
    let text = """
      {
          "zebra": [1.0, 2e3,   "\\u00e9 } ] , \\" {"],
          "mcpServers": {
              "other": {"command": "x", "args": []}
          },
          "alpha": null
      }
      """
    #expect(
      try JSONConfiguration.adding(entry, to: text, for: .cursor) == """
        {
            "zebra": [1.0, 2e3,   "\\u00e9 } ] , \\" {"],
            "mcpServers": {
                "other": {"command": "x", "args": []},
                "engram": {
                    "command": "engram",
                    "args": ["mcp"]
                }
            },
            "alpha": null
        }
        """)
    let oneLine = #"{"a":1,"mcpServers":{}}"#
    let changed = try JSONConfiguration.adding(entry, to: oneLine, for: .cursor)
    #expect(changed.hasPrefix(#"{"a":1,"mcpServers":{"#))
    let value = try JSONReader.value(of: changed)
    #expect(
      value == ["a": 1, "mcpServers": ["engram": ["command": "engram", "args": ["mcp"]]]])
  }

  @Test("changes a server that is there, and keeps what else it has")
  func changes() throws {
    let text =
      #"{"mcpServers": {"engram": {"args": ["old"], "env": {"A": "b"}, "command": "old"}}}"#
    let changed = try JSONConfiguration.adding(entry, to: text, for: .claudeCode)
    #expect(
      changed
        == #"{"mcpServers": {"engram": {"args": ["mcp"], "env": {"A": "b"}, "command": "engram", "type": "stdio"}}}"#
    )
    #expect(try JSONConfiguration.adding(entry, to: changed, for: .claudeCode) == changed)
  }

  @Test("keeps comments, and commas before closing brackets")
  func comments() throws {
    let text = """
      {
        // "servers": {"none": 1},
        "servers": {
          /* mine, */
          "other": {"command": "x", "args": ["//", "/*"],},  // its end
        },
      }
      """
    let changed = try JSONConfiguration.adding(entry, to: text, for: .vscode)
    #expect(
      changed == """
        {
          // "servers": {"none": 1},
          "servers": {
            /* mine, */
            "other": {"command": "x", "args": ["//", "/*"],},
            "engram": {
              "type": "stdio",
              "command": "engram",
              "args": ["mcp"]
            },  // its end
          },
        }
        """)
    #expect(try JSONConfiguration.adding(entry, to: changed, for: .vscode) == changed)
    let empty = "{ // nothing yet\n}"
    let filled = try JSONConfiguration.adding(entry, to: empty, for: .vscode)
    #expect(filled.contains("// nothing yet"))
    #expect(try JSONConfiguration.entry(in: filled, for: .vscode) == entry)
  }

  @Test("has variables beside those that are there")
  func variables() throws {
    var entry = entry
    entry.environment = ["B": "2", "A": "1"]
    let text = #"{"mcpServers": {"engram": {"env": {"A": "0", "C": "3"}}}}"#
    let changed = try JSONConfiguration.adding(entry, to: text, for: .cursor)
    #expect(changed.contains(#""env": {"A": "1", "C": "3", "B": "2"}"#), "\(changed)")
  }

  @Test(
    "is refused where it cannot be read",
    arguments: [
      ("{", "line 1"), ("{\n// a comment\nx}", "line 3"), ("{ /* open }", "line 1"),
      ("[]", "a list"), ("{} {}", "line 1"),
      (#"{"a":1,"a":2}"#, "twice"), (#"{"mcpServers": []}"#, "a list"),
      (#"{"mcpServers": {"engram": "x"}}"#, "a string"),
    ])
  func isRefused(text: String, part: String) {
    let error = #expect(throws: ConfigurationProblem.self) {
      try JSONConfiguration.adding(entry, to: text, for: .cursor)
    }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("random objects keep every other value, with one seed after the other")
  func randomObjects() throws {
    for seed in 0..<200 {
      var generator = SeededGenerator(seed: UInt64(seed))
      var fields: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...5, using: &generator) {
        fields[Self.name(&generator)] = Self.value(3, &generator)
      }
      if Bool.random(using: &generator) {
        var servers: [String: JSONValue] = ["b": [:]]
        servers[Self.name(&generator)] = Self.value(2, &generator)
        fields["mcpServers"] = .object(servers)
      }
      let old = JSONValue.object(fields)
      let changed = try JSONConfiguration.adding(
        entry, to: JSONWriter.text(of: old), for: .cursor)
      guard case .object(var after) = try JSONReader.value(of: changed),
        case .object(var servers) = after["mcpServers"]
      else {
        Issue.record("no servers, seed \(seed)")
        return
      }
      #expect(
        servers.removeValue(forKey: "engram") == ["command": "engram", "args": ["mcp"]],
        "seed \(seed)")
      after["mcpServers"] = fields["mcpServers"] == nil ? nil : .object(servers)
      #expect(JSONValue.object(after) == old, "seed \(seed)")
    }
  }

  private static func name(_ generator: inout SeededGenerator) -> String {
    ["a", "b", "é\"", "x\\y", "{", "]", "a b", "\n"].randomElement(using: &generator) ?? ""
  }

  private static func value(_ depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &generator) {
    case 0: return .null
    case 1: return .bool(true)
    case 2: return .integer(Int64.random(in: -9...9, using: &generator))
    case 3: return .number(1.5)
    case 4: return .string(name(&generator))
    case 5: return .array([value(depth - 1, &generator), value(depth - 1, &generator)])
    default: return .object([name(&generator): value(depth - 1, &generator)])
    }
  }
}
