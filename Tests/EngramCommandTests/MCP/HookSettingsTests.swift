import Episodes
import Foundation
import Testing

@testable import EngramCommand

@Suite("Hooks in the settings of Claude Code")
struct HookSettingsTests {
  /// Settings whose end of an answer has hooks with these commands in one group.
  private func settings(_ commands: String...) throws -> String {
    let hooks = commands.map { command -> JSONValue in
      ["type": "command", "command": .string(command)]
    }
    let value: JSONValue = ["hooks": ["Stop": [["hooks": .array(hooks)]]]]
    return String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
  }

  private func commands(_ text: String) throws -> [String] {
    guard case .object(let root) = try JSONReader.value(of: text),
      case .object(let hooks)? = root["hooks"], case .array(let groups)? = hooks["Stop"]
    else { return [] }
    return groups.flatMap { group -> [String] in
      guard case .object(let fields) = group, case .array(let hooks)? = fields["hooks"] else {
        return []
      }
      return hooks.compactMap { hook in
        guard case .object(let fields) = hook, case .string(let text)? = fields["command"] else {
          return nil
        }
        return text
      }
    }
  }

  private func installed(
    _ program: String, _ arguments: String..., in text: String
  ) throws -> String {
    let hook = HookCommandText(program: program, arguments: arguments)
    return try HookSettings.adding(hook, to: text, events: ["Stop"], timeoutSeconds: 60)
  }

  @Test("Installing with other options, or with a program that has another name, replaces the hook")
  func replaces() throws {
    var text = try settings("say done", "engram hook record --namespace b")
    for (program, arguments, command) in [
      ("/opt/engram 1/engram", [], "'/opt/engram 1/engram' hook"),
      ("/usr/bin/engram", ["--namespace", "a"], "/usr/bin/engram hook --namespace a"),
      ("/opt/engram-nightly", [], "/opt/engram-nightly hook"),
      ("/opt/with proxy", [], "'/opt/with proxy' hook # engram"),
      ("/opt/memory", ["--home", "/x y"], "/opt/memory hook --home '/x y' # engram"),
      ("engram", [], "engram hook"),
    ] {
      let hook = HookCommandText(program: program, arguments: arguments)
      for _ in 0..<2 {
        text = try HookSettings.adding(hook, to: text, events: ["Stop"], timeoutSeconds: 60)
        #expect(try commands(text) == ["say done", command])
      }
    }
  }

  @Test(
    "Where its output goes, quotes, and what stands before it change nothing of whose it is",
    arguments: [
      "engram hook >/dev/null 2>&1", "engram hook &>/dev/null", "engram hook 2>> '/tmp/a; b'",
      "'/opt/a & b/engram' hook", "\"/opt/a|b/engram\" hook", "/opt/a\\ b/engram hook",
      "HOME=/x engram hook record", "/opt/engram2 hook", "/opt/memory hook",
      "/opt/memory hook 2>/dev/null", "/opt/wrapper hook # engram",
    ])
  func own(command: String) throws {
    let text = try installed("/opt/memory", in: try settings(command, "say done"))
    #expect(try commands(text) == ["say done", "/opt/memory hook # engram"])
  }

  @Test(
    "What is called together with other programs, and the hooks of others, stay",
    arguments: [
      "notify.sh && engram hook", "engram hook; say done", "engram hook & say done",
      "engram hook | tee log", "engram hook\nsay done", "say `engram hook`",
      "engrampa hook", "/opt/other hook", "engram hooks", "hook engram", "'engram hook'",
      "notify.sh && /opt/wrapper hook # engram", "say hook # engram is", "engram hook 'x",
    ])
  func others(command: String) throws {
    let text = try installed("/opt/memory", in: try settings(command))
    #expect(try commands(text) == [command, "/opt/memory hook # engram"])
  }

  @Test("A shell runs the command as it is meant")
  func shell() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write("#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.seen\"\n", to: "a 'b")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let hook = HookCommandText(program: program, arguments: ["--home", "/x y", "--namespace", "#"])
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", hook.text]
    try shell.run()
    shell.waitUntilExit()
    let seen = try String(contentsOfFile: program + ".seen", encoding: .utf8)
    #expect(seen == "hook\n--home\n/x y\n--namespace\n#\n")
  }
}
