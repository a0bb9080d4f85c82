import Foundation
import Testing

@Suite("engram bench filter")
struct BenchFilterTests {
  private static func arguments(_ folder: TemporaryFolder) throws -> [String] {
    let run = try EngramProcess.run(
      "dataset", "build", "gaussian", "--output", folder.path("set"), "--count", "1500",
      "--dimension", "16", "--clusters", "30", "--queries", "20")
    #expect(run.status == 0, "\(run.errors)")
    return [
      "bench", "filter", "--base", folder.path("set/gaussian.npy"), "--queries",
      folder.path("set/gaussian.queries.npy"), "--metric", "l2", "--selectivities", "0.5,0.01",
    ]
  }

  @Test("A line of JSON without a filter, and one for each selectivity and way that matches lie")
  func json() throws {
    let folder = try TemporaryFolder()
    let run = try EngramProcess.run(Self.arguments(folder) + ["--format", "json"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = try run.output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(lines.count == 9)
    #expect(lines.first?["kind"] as? String == "none")
    for line in lines {
      #expect(try #require(line["recall"] as? Double) >= 0.9)
      for key in ["qps", "p50_us", "p99_us", "ratio", "one_shot_us"] {
        #expect(try #require(line[key] as? Double) > 0)
      }
    }
  }

  @Test("Settings out of range are refused")
  func refusals() throws {
    let files = ["bench", "filter", "--base", "x.npy", "--queries", "y.npy"]
    for more in [["--selectivities", "0"], ["--selectivities", "0.5,2"], ["--k", "0"]] {
      #expect(try EngramProcess.run(files + more).status == 64)
    }
  }
}
