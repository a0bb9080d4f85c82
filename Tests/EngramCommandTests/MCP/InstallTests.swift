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
    _ arguments: String..., folder: TemporaryFolder
  ) throws -> EngramProcess.Run {
    try EngramProcess.run(
      ["mcp", "install"] + arguments,
      environment: [
        "HOME": folder.path("home"), "XDG_CONFIG_HOME": "", "CODEX_HOME": "",
      ])
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

  @Test("refuses a file that it cannot read, and leaves it as it is")
  func refuses() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("home/.cursor"), withIntermediateDirectories: true)
    let path = try folder.write("{ // mine\n}", to: "home/.cursor/mcp.json")
    let run = try install("--host", "cursor", folder: folder)
    expectFailure(run, status: 65, naming: path, "comments", "stays as it is")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "{ // mine\n}")
    let host = try install("--host", "emacs", folder: folder)
    #expect(host.status == 64)
    #expect(host.errors.contains("claude-code"))
  }
}
