import Foundation
import Testing

@Suite("engram bench update")
struct BenchUpdateTests {
  private static let arguments = [
    "bench", "update", "--count", "600", "--dimension", "16", "--rounds", "2", "--share", "0.2",
    "--queries", "20", "--tail-rows", "128", "--batch", "50",
  ]

  @Test("A line of JSON for the load and each round, and one with the totals")
  func json() throws {
    for order in ["oldest", "random"] {
      let run = try EngramProcess.run(
        Self.arguments + ["--order", order, "--rebuild", "--searchers", "1", "--format", "json"])
      #expect(run.status == 0, "\(run.errors)")
      let lines = try run.output.split(separator: "\n").map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      }
      #expect(lines.count == 4)
      for (round, line) in lines.prefix(3).enumerated() {
        #expect(line["round"] as? Int == round)
        #expect(line["count"] as? Int == 600)
        #expect(line["inserted"] as? Int == (round == 0 ? 600 : 120))
        #expect(line["deleted"] as? Int == (round == 0 ? 0 : 120))
        #expect(try #require(line["recall"] as? Double) >= 0.95)
      }
      let summary = try #require(lines.last)
      #expect(try #require(summary["write_amplification"] as? Double) > 0)
      #expect(try #require(summary["recall_rebuilt"] as? Double) >= 0.95)
      #expect(try #require(summary["seals"] as? Int) > 0)
    }
  }

  @Test("The table for people has a row for each round")
  func text() throws {
    let run = try EngramProcess.run(Self.arguments)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("recall@k"))
    #expect(run.output.split(separator: "\n").count == 8)
  }

  @Test("Settings out of range are refused")
  func refusals() throws {
    for (option, value, expected) in [
      ("--count", "0", "1 to"), ("--share", "2", "0 to 1"), ("--fan-in", "1", "2 to 63"),
      ("--tail-rows", "0", "1 to"), ("--dead-share", "0", "more than 0"),
      ("--build-threads", "0", "1 to 1024"),
    ] {
      let run = try EngramProcess.run(Self.arguments + [option, value])
      #expect(run.status == 64, "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("\(option) is \(value)"), "\(run.errors)")
      #expect(run.errors.contains("expected \(expected)"), "\(run.errors)")
    }
  }
}
