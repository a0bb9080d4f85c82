import EngramCommand
import Foundation
import Testing

@Suite("Vector files on the command line")
struct VectorCommandTests {
  /// Small vectors without much pattern, the same every time.
  private func values(_ count: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24) - 0.5
    }
  }

  private func npy(_ folder: TemporaryFolder, _ name: String, rows: Int, columns: Int) throws
    -> String
  {
    try folder.write(
      VectorFileBytes.npy(
        shape: "(\(rows), \(columns))",
        VectorFileBytes.floats(values(rows * columns, seed: UInt32(rows)))), to: name)
  }

  @Test("Lines become vectors of unit length, the same in every format")
  func embed() throws {
    let folder = try TemporaryFolder()
    var matrices: [VectorMatrix] = []
    for name in ["three.npy", "three.fvecs", "three.fbin"] {
      let run = try EngramProcess.run(
        ["embed", "--output", folder.path(name)], input: "fix the parser\n\nbuy milk\n")
      #expect(run.status == 0, "\(run.errors)")
      let matrix = try VectorMatrix(path: folder.path(name))
      #expect(matrix.count == 3 && matrix.dimension == 384)
      for row in 0..<3 {
        #expect(abs(matrix[row].reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
      }
      matrices.append(matrix)
    }
    for row in 0..<3 {
      #expect(matrices[0][row] == matrices[1][row])
      #expect(matrices[0][row] == matrices[2][row])
    }
    expectFailure(
      try EngramProcess.run("embed", "--output", folder.path("three.txt")), status: 65,
      naming: "three.txt", ".npy")
    expectFailure(
      try EngramProcess.run("embed", "--output", "/proc/nowhere/x.npy"), status: 73,
      naming: "/proc/nowhere/x.npy")
  }

  @Test("A benchmark prints a line of JSON with every figure for each list size")
  func bench() throws {
    let folder = try TemporaryFolder()
    let base = try npy(folder, "base.npy", rows: 300, columns: 16)
    let queries = try folder.write(
      VectorFileBytes.fbin(count: 20, dimension: 16, values(320, seed: 9)), to: "queries.fbin")
    for metric in ["cosine", "l2", "ip"] {
      let run = try EngramProcess.run(
        "bench", "ann", "--base", base, "--queries", queries, "--metric", metric, "--list-sizes",
        "10,40", "--format", "json")
      #expect(run.status == 0, "\(run.errors)")
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 2)
      for (line, size) in zip(lines, [10, 40]) {
        let point = try #require(
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(
          Set(point.keys) == [
            "library", "config", "param", "recall", "qps", "batch_qps", "p50_us", "p99_us",
            "build_s",
            "index_bytes", "resident_bytes", "distance_evaluations", "hops",
          ])
        #expect(point["library"] as? String == "engram")
        #expect(point["param"] as? Int == size)
        #expect(try #require(point["recall"] as? Double) > (size == 40 ? 0.95 : 0.7))
        #expect(try #require(point["index_bytes"] as? Int) > 300 * 16 * 4)
        #expect(try #require(point["qps"] as? Double) > 0)
      }
    }
    let text = try EngramProcess.run(
      "bench", "ann", "--base", base, "--queries", queries, "--list-sizes", "10")
    #expect(text.status == 0)
    #expect(text.output.contains("recall@k"))
  }

  @Test("Vector files that cannot be used are named with the cause")
  func badFiles() throws {
    let folder = try TemporaryFolder()
    let base = try npy(folder, "base.npy", rows: 50, columns: 8)
    func bench(_ base: String, _ queries: String, _ more: String...) throws -> EngramProcess.Run {
      try EngramProcess.run(["bench", "ann", "--base", base, "--queries", queries] + more)
    }
    let narrow = try npy(folder, "narrow.npy", rows: 5, columns: 4)
    expectFailure(try bench(base, narrow), status: 65, naming: "narrow.npy", "dimension 4", "8")

    var numbers = values(40, seed: 3)
    numbers[11] = .nan
    let nan = try folder.write(
      VectorFileBytes.fbin(count: 5, dimension: 8, numbers), to: "nan.fbin")
    expectFailure(try bench(base, nan), status: 65, naming: "nan.fbin", "row 1, column 3", "NaN")

    let cut = try folder.write(
      Array(VectorFileBytes.fbin(count: 5, dimension: 8, values(40, seed: 4)).dropLast(6)),
      to: "cut.fbin")
    expectFailure(try bench(cut, base), status: 65, naming: "cut.fbin", "truncated")

    expectFailure(
      try bench(base, folder.path("none.npy")), status: 66, naming: "none.npy", "No such file")
    let text = try folder.write("1 2 3", to: "vectors.txt")
    expectFailure(try bench(text, base), status: 65, naming: "vectors.txt", "expected")

    let truth = try folder.write(
      VectorFileBytes.ivecs([[1, 2, 3, 4, 5, 6, 7, 8, 9, 50]]), to: "truth.ivecs")
    expectFailure(
      try bench(base, base, "--truth", truth), status: 65, naming: "truth.ivecs", "50")
  }
}
