import Foundation
import Testing

@testable import EngramCommand

@Suite("engram mcp install")
struct InstallTests {
  /// What the file of a host says after an installation, by where it is.
  static let files: [(host: String, scope: String, file: String, part: String)] = [
    ("claude-code", "user", "home/.claude.json", "\"type\": \"stdio\""),
    ("cursor", "user", "home/.cursor/mcp.json", "\"mcpServers\""),
    ("vscode", "user", "home/.config/Code/User/mcp.json", "\"servers\""),
    ("codex", "user", "home/.codex/config.toml", "[mcp_servers.engram]"),
  ]

  private func install(
    _ arguments: String..., folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> EngramProcess.Run {
    try EngramProcess.run(
      ["mcp", "install"] + arguments,
      environment: [
        "HOME": folder.path("home"), "XDG_CONFIG_HOME": "", "CODEX_HOME": "",
      ].merging(environment) { $1 })
  }

  @Test("shows the change and writes it for every host; the second time there is none")
  func installs() throws {
    let folder = try TemporaryFolder()
    for (host, scope, file, part) in Self.files {
      let dry = try install("--host", host, "--scope", scope, "--dry-run", folder: folder)
      #expect(dry.status == 0, "\(dry.errors)")
      #expect(dry.output.contains("+++ \(folder.path(file))"))
      #expect(!FileManager.default.fileExists(atPath: folder.path(file)))
      let run = try install("--host", host, folder: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == dry.output)
      let text = try String(contentsOfFile: folder.path(file), encoding: .utf8)
      #expect(text.contains(part), "\(text)")
      let again = try install("--host", host, folder: folder)
      #expect(again.output.contains("has the server already"))
      #expect(try String(contentsOfFile: folder.path(file), encoding: .utf8) == text)
    }
  }

  @Test("keeps rights and links, and takes another home and program")
  func keepsRights() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("home"), withIntermediateDirectories: false)
    let target = try folder.write(#"{"secret": "token"}"#, to: "dotfile.json")
    chmod(target, 0o600)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("home/.claude.json"), withDestinationPath: target)
    let run = try install(
      "--host", "claude-code", "--home", "/srv/memory", "--command", "/opt/engram", folder: folder)
    #expect(run.status == 0, "\(run.errors)")
    let attributes = try FileManager.default.attributesOfItem(atPath: target)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(
      try FileManager.default.attributesOfItem(atPath: folder.path("home/.claude.json"))[.type]
        as? FileAttributeType == .typeSymbolicLink)
    let text = try String(contentsOfFile: target, encoding: .utf8)
    #expect(text.contains(#""args": ["mcp", "--home", "/srv/memory"]"#))
    #expect(text.contains(#""command": "/opt/engram""#))
    #expect(text.contains(#""secret": "token""#))
    #expect(try folder.names() == ["dotfile.json", "home"])
  }

  @Test("names this program, whole, and carries what is set for it; not for a project")
  func carries() throws {
    let folder = try TemporaryFolder()
    let set = ["ENGRAM_HOME": "~/memory", "ENGRAM_NAMESPACE": "shop", "PATH": "/nowhere"]
    for host in ["cursor", "codex"] {
      let run = try install("--host", host, folder: folder, environment: set)
      #expect(run.status == 0 && run.errorLines.count == 1, "\(run.errors)")
      #expect(run.output.contains(EngramProcess.path))
      #expect(run.output.contains(folder.path("home/memory")))
      #expect(run.output.contains("ENGRAM_NAMESPACE"))
      let again = try install("--host", host, folder: folder, environment: set)
      #expect(again.output.contains("has the server already"), "\(again.output)")
    }
    let home = try install(
      "--host", "vscode", "--home=~/other", "--dry-run", folder: folder, environment: set)
    #expect(home.output.contains(folder.path("home/other")))
    #expect(!home.output.contains("ENGRAM_HOME"))
    let missing = try install(
      "--host", "cursor", "--command", "/nope/engram", "--dry-run", folder: folder)
    #expect(missing.status == 0 && missing.errors.contains("'/nope/engram' is not found"))
  }

  @Test("shows nothing but the server, whatever else the file holds")
  func hides() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("home/.cursor"), withIntermediateDirectories: true)
    for text in [
      #"{"mcpServers":{"a":{"env":{"A_TOKEN":"sesame"}}},"z":"sesame"}"#,
      "{\r\n  \"z\": \"sesame\",\r\n  \"mcpServers\": {\r\n    \"a\": \"sesame\"\r\n  }\r\n}\r\n",
      #"{"mcpServers": {"engram": {"env": {"A_TOKEN": "sesame"}, "command": "x"}}}"#,
    ] {
      _ = try folder.write(text, to: "home/.cursor/mcp.json")
      let run = try install("--host", "cursor", folder: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(!run.output.contains("sesame"), "\(run.output)")
      #expect(run.output.contains("engram"))
      let written = try String(
        contentsOfFile: folder.path("home/.cursor/mcp.json"), encoding: .utf8)
      #expect(written.contains("sesame"))
      // Every line ends as the others do.
      let feeds = written.utf8.count { $0 == 0x0A }
      let returns = written.utf8.count { $0 == 0x0D }
      #expect(returns == 0 || returns == feeds, "\(written.debugDescription)")
    }
  }

  @Test("puts no file in the place of a link that leads nowhere")
  func danglingLink() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("home"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("home/.claude.json"), withDestinationPath: folder.path("gone"))
    expectFailure(
      try install("--host", "claude-code", folder: folder), status: 66, naming: "is a link")
    #expect(!FileManager.default.fileExists(atPath: folder.path("gone")))
  }

  @Test("refuses a file that it cannot read, and leaves it as it is")
  func refuses() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("home/.cursor"), withIntermediateDirectories: true)
    let path = try folder.write("{ mine }", to: "home/.cursor/mcp.json")
    let run = try install("--host", "cursor", folder: folder)
    expectFailure(run, status: 65, naming: path, "line 1", "stays as it is")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "{ mine }")
    let host = try install("--host", "emacs", folder: folder)
    #expect(host.status == 64)
    #expect(host.errors.contains("claude-code"))
  }
}
