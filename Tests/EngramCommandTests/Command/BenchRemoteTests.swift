import Foundation
import Testing

@Suite("bench remote")
struct BenchRemoteTests {
  private struct Line: Decodable {
    var name: String
    var count: Int
    var perSecond: Double
    var requestsEach: Double

    enum CodingKeys: String, CodingKey {
      case name, count
      case perSecond = "per_s"
      case requestsEach = "requests_each"
    }
  }

  @Test("measures a server of its own; an insert is one request, a sync three at most")
  func measures() throws {
    let run = try EngramProcess.run(
      "bench", "remote", "--episodes", "120", "--dimension", "16", "--operations", "5", "--batch",
      "20", "--batches", "2", "--rounds", "2", "--format", "json")
    #expect(run.status == 0, "\(run.errors)")
    let lines = try run.output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
    #expect(
      lines.map(\.name) == [
        "round trip", "write of one row", "insert", "insert batches of 20",
        "full sync, bounded cache", "full sync, all cached", "incremental sync",
      ])
    #expect(lines.allSatisfy { $0.perSecond > 0 && $0.count > 0 })
    #expect(lines[2].requestsEach == 1)
    #expect(lines[3].requestsEach == 1)
    #expect(lines[6].count == 200)
    #expect(lines[6].requestsEach <= 3)
  }

  @Test("a value out of range ends with 64 and names the option")
  func ranges() throws {
    let run = try EngramProcess.run("bench", "remote", "--changes", "0")
    #expect(run.status == 64)
    #expect(run.errors.contains("--changes is 0; expected"))
  }
}
