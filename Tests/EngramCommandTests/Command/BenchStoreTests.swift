import Foundation
import Testing

@Suite("Benchmark of the durable store")
struct BenchStoreTests {
  @Test("Every operation is measured, and nothing is left behind")
  func json() throws {
    let folder = try TemporaryFolder()
    let run = try EngramProcess.run(
      "bench", "store", "--count", "120", "--operations", "20", "--rounds", "1", "--batch", "50",
      "--folder", folder.url.path, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let lines = try run.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    #expect(lines.count == 13)
    for line in lines.dropLast() {
      #expect((line["per_s"] as? Double ?? 0) > 0, "\(line)")
      #expect((line["p99_us"] as? Double ?? 0) >= (line["p50_us"] as? Double ?? .infinity))
    }
    #expect(lines.last?["statement_cache_hit_rate"] as? Double ?? 0 > 0.5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    #expect(
      try EngramProcess.run("bench", "store", "--folder", folder.path("none")).status == 73)
  }
}
