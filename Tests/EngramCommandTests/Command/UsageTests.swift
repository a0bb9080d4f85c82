import Episodes
import Testing

@testable import EngramCommand

@Suite("Wrong command lines")
struct UsageTests {
  @Test(
    "say what is wrong, and the usage of the command that was typed",
    arguments: [
      (["search", "x", "--since", "soon"], "engram search", "yesterday"),
      (["search", "x", "--metadata", "a>>3"], "engram search", "a>>3"),
      (["search", "x", "--limit", "-3"], "engram search", "--limit is -3; expected 1 to 1000"),
      (["search", "x", "--weight", "words=1"], "engram search", "semantic"),
      (
        ["episode", "list", "--since", "2026-05-01", "--until", "2026-01-01"],
        "engram episode list", "not before"
      ),
      (
        ["episode", "list", "--namespace", "a", "--all-namespaces"], "engram episode list",
        "exclude"
      ),
      (["episode", "start", "x", "--metadata", "foo"], "engram episode start", "key=value"),
      (["episode", "start", "x", "--location", "north"], "engram episode start", "latitude"),
      (["episode", "update", "x"], "engram episode update", "nothing to change"),
      (
        ["episode", "complete", "x", "--success", ""], "engram episode complete",
        "--success is empty"
      ),
      (
        ["episode", "complete", "x", "--failure", "y", "--applied", "p=maybe"],
        "engram episode complete", "'maybe' is no effect; expected helped, noEffect or hindered"
      ),
      (
        ["episode", "log", "x", "--tool", "t", "--action", "a", "--parameters", "{bad"],
        "engram episode log", "not JSON"
      ),
      (["episode", "log", "x", "--steps", "-", "--latency", "3"], "engram episode log", "alone"),
      (["forget"], "engram forget", "--all"),
    ])
  func usage(arguments: [String], command: String, part: String) throws {
    let run = try EngramProcess.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.hasPrefix("Error: "), "\(run.errors)")
    #expect(run.errors.contains(part), "\(run.errors)")
    #expect(run.errors.contains("Usage: \(command) "), "\(run.errors)")
  }

  @Test("A command that there is not is named, with the one that was meant")
  func subcommands() throws {
    for (arguments, part) in [
      (["serch", "x"], "'engram serch'; did you mean 'engram search'?"),
      (["import", "json", "f"], "did you mean 'engram import jsonl'?"),
      (["import", "f.jsonl"], "did you mean 'engram import jsonl'?"),
      (["import", "zeppelin"], "expected one of jsonl, git"),
    ] {
      let run = try EngramProcess.run(arguments)
      #expect(run.status == 64)
      #expect(run.errors.contains(part), "\(run.errors)")
    }
    // Words after a command are no commands.
    #expect(UnknownSubcommand.find(in: ["search", "serch"]) == nil)
    #expect(UnknownSubcommand.find(in: ["--version"]) == nil)
  }

  @Test("A negative number belongs to the option before it")
  func negative() {
    #expect(TypedArguments.joined(["search", "--limit", "-3"]) == ["search", "--limit=-3"])
    #expect(
      TypedArguments.joined(["list", "--near", "-33.9,151.2,10km", "-h"])
        == ["list", "--near=-33.9,151.2,10km", "-h"])
    #expect(TypedArguments.joined(["--", "--limit", "-3"]) == ["--", "--limit", "-3"])
    #expect(TypedArguments.joined(["--limit=2", "-3"]) == ["--limit=2", "-3"])
  }

  @Test("Times are told in many ways")
  func times() throws {
    let now = try #require(Timestamp("2026-03-02T09:14:05Z"))
    for (text, expected) in [
      ("yesterday", "2026-03-01"), ("today", "2026-03-02"), ("1y", "2025-03-02T09:14:05Z"),
      ("4w", "2026-02-02T09:14:05Z"), ("30m", "2026-03-02T08:44:05Z"), ("2026-01-01", "2026-01-01"),
    ] {
      #expect(
        try TimeArgument.parse(text, option: "--since", now: now) == Timestamp(expected), "\(text)")
    }
    for text in ["soon", "-1d", "1e300y", "99999y", ""] {
      #expect(throws: (any Error).self, "\(text)") {
        try TimeArgument.parse(text, option: "--since", now: now)
      }
    }
  }

  @Test("The completion script names every command")
  func completions() throws {
    let script = try EngramProcess.run("--generate-completion-script", "bash")
    #expect(script.status == 0)
    for word in ["doctor", "config", "--all-namespaces", "--context-domain"] {
      #expect(script.output.contains(word), "\(word)")
    }
  }
}
