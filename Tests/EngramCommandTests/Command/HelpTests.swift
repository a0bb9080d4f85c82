import Foundation
import Testing

@Suite("The help of the program")
struct HelpTests {
  /// The names under the heading `SUBCOMMANDS:`.
  private func subcommands(in help: String) -> [String] {
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    guard let heading = lines.firstIndex(of: "SUBCOMMANDS:") else { return [] }
    return lines[(heading + 1)...].prefix { $0.hasPrefix("  ") }
      .filter { !$0.hasPrefix("   ") }
      // A command with another name is listed as "build, rebuild".
      .compactMap { $0.split { $0 == " " || $0 == "," }.first.map(String.init) }
  }

  @Test("Every command explains itself, with examples that name it")
  func examples() throws {
    var waiting: [[String]] = [[]]
    var leaves: [String] = []
    while let command = waiting.popLast() {
      let run = try EngramProcess.run(command + ["--help"])
      let name = (["engram"] + command).joined(separator: " ")
      #expect(run.status == 0, "\(name)")
      #expect(run.errors.isEmpty, "\(name)")
      let examples = run.output.components(separatedBy: "EXAMPLES").dropFirst().joined()
      #expect(examples.contains(name), "\(name)")
      let children = subcommands(in: run.output)
      if children.isEmpty { leaves.append(name) }
      waiting += children.map { command + [$0] }
    }
    #expect(
      Set(leaves).isSuperset(of: [
        "engram init", "engram import jsonl", "engram import git", "engram episode start",
        "engram episode log", "engram episode complete", "engram episode show",
        "engram episode list", "engram episode delete", "engram search", "engram index build",
        "engram index status", "engram index verify", "engram sync", "engram stats",
        "engram embed", "engram dataset build", "engram bench ann", "engram eval retrieval",
      ]))
  }

  @Test("A wrong command line says what is wrong and ends with 64")
  func usage() throws {
    for arguments in [
      ["unknown"], ["search"], ["search", "x", "--limit", "0"], ["search", "x", "--since", "soon"],
      ["episode", "complete", "x"], ["episode", "log", "x", "--tool", "t"],
      ["bench", "ann", "--base", "x.npy", "--queries", "y.npy", "--k", "0"],
      ["index", "verify", "--queries", "none"], ["stats", "--format", "xml"],
    ] {
      let run = try EngramProcess.run(arguments)
      #expect(run.status == 64, "\(arguments)")
      #expect(run.errors.hasPrefix("Error: "), "\(arguments)")
      #expect(run.output.isEmpty, "\(arguments)")
    }
  }

  @Test("The version is printed")
  func version() throws {
    let run = try EngramProcess.run("--version")
    #expect(run.status == 0)
    #expect(run.output.contains("."))
  }
}
