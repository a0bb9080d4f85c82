import Foundation
import Testing

@Suite("Several commands at once on one home")
struct ConcurrentCommandTests {
  @Test("Every episode that several processes start together is stored")
  func startsTogether() throws {
    let home = try CommandHome()
    _ = try home.succeed("init")
    // Each process that opens the store while no other has it open changes the version of its schema,
    // under the feet of those that open it next.
    for round in 0..<6 {
      let running = try (0..<3).map {
        try EngramProcess.start(
          ["episode", "start", "task \(round) \($0)", "--home", home.path], input: "",
          environment: [:])
      }
      for process in running {
        let run = try process.wait()
        #expect(run.status == 0, "\(run.errors)")
      }
    }
    let listing = try home.succeed("episode", "list", "--limit", "100").output
    #expect(listing.split(separator: "\n").count == 18)
    #expect(try home.succeed("sync").status == 0)
  }

  @Test("Control characters of a stored episode do not reach the terminal")
  func controlCharacters() throws {
    let home = try CommandHome()
    let id = try home.succeed(
      "episode", "start", "red \u{1B}[31m text", "--domain", "a\u{1B}[1mb", "--metadata",
      "k\u{7}=v\u{1B}[2J"
    ).output.trimmingCharacters(in: .newlines)
    for arguments in [["episode", "show", id], ["episode", "list"], ["search", "red text"]] {
      let output = try EngramProcess.run(arguments + ["--home", home.path]).output
      #expect(!output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }
}
