import Testing

@testable import EngramCommand

@Suite("A host's configuration in TOML")
struct TOMLConfigurationTests {
  private let entry = MCPServerEntry(
    command: "engram", arguments: ["mcp", "--home", "/a \"b\"\\c"])

  private func adding(_ text: String) throws -> String {
    try TOMLConfiguration.adding(entry, to: text, field: "mcp_servers")
  }

  @Test("gets a table at its end, and keeps all else")
  func isAdded() throws {
    let table = """
      [mcp_servers.engram]
      command = "engram"
      args = ["mcp", "--home", "/a \\"b\\"\\\\c"]

      """
    #expect(try adding("") == table)
    let text = """
      # mine
      model = "o3"   # a comment

      [mcp_servers.other]
      command = 'x'
      """
    #expect(try adding(text) == text + "\n\n" + table)
    #expect(try adding(adding(text)) == adding(text))
  }

  @Test("changes a server that is there, and keeps what else it has")
  func changes() throws {
    let text = """
      [mcp_servers.engram]  # memory
      args = ["old"]
      env = { A = "b" }
      command = "old"
      # the end
      [tools]
      args = ["old"]
      """
    #expect(
      try adding(text) == """
        [mcp_servers.engram]  # memory
        args = ["mcp", "--home", "/a \\"b\\"\\\\c"]
        env = { A = "b" }
        command = "engram"
        # the end
        [tools]
        args = ["old"]
        """)
  }

  @Test("keeps the ends of lines, and has variables beside those that are there")
  func endsAndVariables() throws {
    var entry = entry
    entry.environment = ["B": "2"]
    let text =
      "model = \"o3\"\r\n\r\n[mcp_servers.engram]\r\nenv = { A = \"1\" }\r\ncommand = \"old\"\r\n"
    let changed = try TOMLConfiguration.adding(entry, to: text, field: "mcp_servers")
    #expect(changed.contains("env = { \"A\" = \"1\", \"B\" = \"2\" }\r\n"), "\(changed)")
    #expect(changed.contains("command = \"engram\"\r\n"))
    #expect(changed.utf8.count { $0 == 0x0A } == changed.utf8.count { $0 == 0x0D })
    #expect(
      try TOMLConfiguration.adding(entry, to: changed, field: "mcp_servers") == changed)
    let added = try TOMLConfiguration.adding(
      entry, to: "model = \"o3\"\r\n", field: "mcp_servers")
    #expect(added.contains("[mcp_servers.engram]\r\n"))
    #expect(try TOMLConfiguration.entry(in: added, field: "mcp_servers")?.command == "engram")
  }

  @Test(
    "is refused where it cannot be read, or not be changed line by line",
    arguments: [
      ("model = ", "TOML"), ("[a\n", "TOML"), ("a = 1\na = 2", "TOML"),
      ("mcp_servers = { engram = { command = \"x\" } }", "by hand"),
      ("mcp_servers = { other = { command = \"x\" } }", ""),
      ("[mcp_servers.engram]\ncommand = \"x\"\nargs = [\n  \"a\",\n]", ""),
    ])
  func isRefused(text: String, part: String) {
    let error = #expect(throws: ConfigurationProblem.self) { try adding(text) }
    #expect(
      part.isEmpty || error?.description.contains(part) == true, "\(error?.description ?? "")")
  }
}
