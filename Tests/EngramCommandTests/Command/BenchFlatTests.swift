import Foundation
import Testing

@Suite("engram bench flat")
struct BenchFlatTests {
  private func arguments(_ folder: TemporaryFolder) throws -> [String] {
    var state: UInt32 = 3
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return Float(state >> 8) / Float(1 << 24) - 0.5
      }
    }
    let base = try folder.write(
      VectorFileBytes.fbin(count: 500, dimension: 16, values(8000)), to: "base.fbin")
    let queries = try folder.write(
      VectorFileBytes.fbin(count: 20, dimension: 16, values(320)), to: "queries.fbin")
    return ["bench", "flat", "--base", base, "--queries", queries, "--passes", "1"]
  }

  @Test("A line of JSON with the figures of one query and of a batch")
  func json() throws {
    let folder = try TemporaryFolder()
    let arguments = try arguments(folder)
    for options in [[], ["--without-codes"]] {
      let run = try EngramProcess.run(
        arguments + ["--metric", "l2", "--threads", "2", "--format", "json"] + options)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.split(separator: "\n").count == 1)
      let line = try #require(
        JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect(line["count"] as? Int == 500 && line["queries"] as? Int == 20)
      #expect(line["metric"] as? String == "l2" && line["threads"] as? Int == 2)
      #expect(try #require(line["index_bytes"] as? Int) >= 500 * 16 * 4)
      for figure in ["p50_us", "p99_us", "qps", "batch_s", "batch_qps", "append_s"] {
        #expect(try #require(line[figure] as? Double) > 0, "\(figure)")
      }
    }
  }

  @Test("The lines for people, and what is refused")
  func text() throws {
    let folder = try TemporaryFolder()
    let arguments = try arguments(folder)
    let run = try EngramProcess.run(arguments)
    #expect(run.status == 0 && run.output.contains("batch of 20"), "\(run.errors)")
    #expect(try EngramProcess.run(arguments + ["--k", "0"]).status == 64)
    #expect(try EngramProcess.run(arguments + ["--passes", "0"]).status == 64)
  }
}
