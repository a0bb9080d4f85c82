import Foundation
import Testing

@Suite("engram bench cache")
struct BenchCacheTests {
  private static let arguments = [
    "bench", "cache", "--count", "200", "--operations", "200", "--passes", "1", "--batch", "20",
    "--inserts", "2000", "--bound", "200",
  ]

  @Test("A line of JSON for each operation, with and without compression")
  func json() throws {
    let run = try EngramProcess.run(Self.arguments + ["--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = try run.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    let names = lines.map { "\($0["operation"] ?? "") \($0["config"] ?? "")" }
    #expect(
      names == [
        "compression plain", "read_raw plain", "read_decoded plain", "write plain",
        "write_batch plain", "compression zstd-6", "read_raw zstd-6", "read_decoded zstd-6",
        "write zstd-6", "write_batch zstd-6", "write_evicting plain", "sweep_expired plain",
        "churn plain",
      ])
    for line in lines {
      if let p50 = line["p50_us"] as? Double {
        #expect(p50 > 0 && p50 <= line["p99_us"] as? Double ?? 0)
        #expect(line["records_per_s"] as? Double ?? 0 > 0)
      } else {
        #expect(line["file_bytes"] as? Int ?? 0 > 0)
      }
    }
    #expect(lines[5]["saved_share"] as? Double ?? 0 > 0.2)
    #expect(lines[12]["episodes"] as? Int == 200 && lines[12]["inserts"] as? Int == 2000)
  }

  @Test("Settings out of range, and a file that is not there, are refused")
  func refusals() throws {
    for (option, value, expected) in [
      ("--count", "0", "1 to"), ("--batch", "0", "1 to"), ("--level", "20", "1 to 19"),
    ] {
      let run = try EngramProcess.run(Self.arguments + [option, value])
      #expect(run.status == 64)
      #expect(run.errors.contains("\(option) is \(value); expected \(expected)"), "\(run.errors)")
    }
    let run = try EngramProcess.run(Self.arguments + ["--input", "/nowhere.jsonl"])
    expectFailure(run, status: 66, naming: "/nowhere.jsonl")
  }
}
