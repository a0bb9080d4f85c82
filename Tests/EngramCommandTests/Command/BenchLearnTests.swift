import Foundation
import Testing

@Suite("Benchmark of learning")
struct BenchLearnTests {
  @Test("Imports, the life of episodes and learning are measured, and nothing is left behind")
  func json() throws {
    let folder = try TemporaryFolder()
    let run = try EngramProcess.run(
      "bench", "learn", "--episodes", "60", "--lives", "10", "--batch", "20",
      "--folder", folder.url.path, "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let lines = try run.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    #expect(
      lines.compactMap { $0["name"] as? String }.prefix(4) == [
        "import, batches of 20", "start", "log a step", "complete",
      ])
    #expect(lines.compactMap { $0["count"] as? Int } == [3, 9, 36, 9, 70])
    for line in lines { #expect((line["seconds"] as? Double ?? 0) > 0, "\(line)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }
}
