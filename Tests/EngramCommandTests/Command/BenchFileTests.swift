import Foundation
import Glibc
import Testing

@Suite("The files of a benchmark")
struct BenchFileTests {
  /// Small vectors without much pattern, the same every time.
  private static func vectors(
    _ folder: TemporaryFolder, _ name: String, rows: Int, seed: UInt32
  ) throws -> String {
    var state = seed
    let values = (0..<rows * 16).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24) - 0.5
    }
    return try folder.write(
      VectorFileBytes.fbin(count: UInt32(rows), dimension: 16, values), to: name)
  }

  private struct Files {
    let folder: TemporaryFolder
    let base: String
    let queries: String

    init() throws {
      folder = try TemporaryFolder()
      base = try BenchFileTests.vectors(folder, "base.fbin", rows: 150, seed: 3)
      queries = try BenchFileTests.vectors(folder, "queries.fbin", rows: 20, seed: 9)
    }

    func run(_ kind: String, base: String? = nil, _ more: String...) throws -> EngramProcess.Run {
      let short =
        ["ann": ["--list-sizes", "10"], "filter": ["--selectivities", "0.5"]][kind] ?? []
      return try EngramProcess.run(
        ["bench", kind, "--base", base ?? self.base, "--queries", queries] + short + more)
    }
  }

  @Test("A pipe in place of a file is refused at once, and the option named")
  func pipes() throws {
    let files = try Files()
    let pipe = files.folder.path("pipe.fbin")
    #expect(mkfifo(pipe, 0o600) == 0)
    for kind in ["ann", "filter", "flat"] {
      expectFailure(
        try files.run(kind, base: pipe), status: 65, naming: "--base", pipe, "expected a file")
    }
    let index = files.folder.path("index")
    expectFailure(
      try files.run("disk", base: pipe, "--index", index), status: 65, naming: "--base", pipe)
    expectFailure(
      try files.run("ann", "--index", pipe), status: 65, naming: "--index", pipe, "expected a file")
    expectFailure(
      try files.run("filter", "--index", pipe), status: 65, naming: "--index", pipe)
    expectFailure(try files.run("disk", "--index", pipe), status: 74, naming: "--index", pipe)
    let truth = files.folder.path("pipe.ivecs")
    #expect(mkfifo(truth, 0o600) == 0)
    expectFailure(try files.run("ann", "--truth", truth), status: 65, naming: "--truth", truth)
    expectFailure(
      try files.run("disk", "--truth", truth, "--index", index), status: 65, naming: "--truth",
      truth)
  }

  @Test("An index that could not be written is not built")
  func unwritable() throws {
    let files = try Files()
    for kind in ["ann", "filter", "disk"] {
      let run = try files.run(kind, "--index", files.folder.path("nodir/index"))
      expectFailure(run, status: 73, naming: "--index", "nodir/index", "No such file", "folder")
      #expect(run.output.isEmpty)
    }
    #expect(try files.folder.names() == ["base.fbin", "queries.fbin"])
  }

  @Test("An index of other vectors, or of another kind, is refused with what is different")
  func otherIndex() throws {
    let files = try Files()
    let index = files.folder.path("index")
    #expect(try files.run("ann", "--index", index).status == 0)
    #expect(try files.run("ann", "--index", index).status == 0)
    #expect(try files.run("filter", "--index", index).status == 0)
    for (options, parts) in [
      (["--degree", "48"], ["--degree 32", "--degree 48"]),
      (["--metric", "l2"], ["--metric cosine", "--metric l2"]),
      (["--compact"], ["without --compact", "with --compact"]),
    ] {
      let run = try EngramProcess.run(
        ["bench", "ann", "--base", files.base, "--queries", files.queries, "--index", index]
          + options)
      expectFailure(run, status: 65, naming: "--index", index, parts[0], parts[1])
      #expect(run.output.isEmpty)
    }
    let other = try Self.vectors(files.folder, "other.fbin", rows: 150, seed: 4)
    for kind in ["ann", "filter"] {
      expectFailure(
        try files.run(kind, base: other, "--index", index), status: 65, naming: "--index",
        "other vectors", "--base")
    }
    let fewer = try Self.vectors(files.folder, "fewer.fbin", rows: 100, seed: 3)
    expectFailure(
      try files.run("ann", base: fewer, "--index", index), status: 65, naming: "150 vectors",
      "100 vectors")
  }

  @Test("Vectors of any length and place are recognised in the index built of them")
  func recognised() throws {
    let folder = try TemporaryFolder()
    var state: UInt32 = 5
    for (metric, scale, shift) in [
      ("cosine", 1e-6, 0), ("ip", 1e6, 1e7), ("l2", 1, -500),
    ] as [(String, Float, Float)] {
      var values = (0..<100 * 8).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return scale * (Float(state >> 8) / Float(1 << 24) - 0.5) + shift
      }
      values[77] *= 1000
      let base = try folder.write(
        VectorFileBytes.fbin(count: 100, dimension: 8, values), to: "base.fbin")
      for _ in 0..<2 {
        let run = try EngramProcess.run(
          "bench", "ann", "--base", base, "--queries", base, "--metric", metric, "--list-sizes",
          "10", "--index", folder.path(metric))
        #expect(run.status == 0, "\(run.errors)")
      }
    }
  }

  @Test("An index on disk is compared with the request, by what is known of it")
  func disk() throws {
    let files = try Files()
    let index = files.folder.path("index")
    let built = try files.run(
      "disk", "--index", index, "--k", "151", "--cold-queries", "0", "--list-sizes", "400")
    #expect(built.status == 0, "\(built.errors)")
    #expect(!built.output.contains("nan"))
    #expect(built.output.split(separator: "\n").count == 5)
    let other = try Self.vectors(files.folder, "other.fbin", rows: 150, seed: 4)
    expectFailure(
      try files.run("disk", base: other, "--index", index), status: 65, naming: "--index",
      "other vectors")
    expectFailure(
      try files.run("disk", "--index", index, "--degree", "48"), status: 65, naming: "--degree 32")
    expectFailure(
      try files.run("ann", "--index", index), status: 65, naming: "layout of bench disk")
    let memory = files.folder.path("memory")
    #expect(try files.run("ann", "--index", memory).status == 0)
    expectFailure(try files.run("disk", "--index", memory), status: 65, naming: "--index", memory)
    let truth = try files.folder.write(
      VectorFileBytes.ivecs((0..<20).map { [Int32($0), 1, 2] }), to: "truth.ivecs")
    let direct = [
      "bench", "disk", "--queries", files.queries, "--truth", truth, "--index", index, "--k",
    ]
    #expect(try EngramProcess.run(direct + ["3"]).status == 0)
    expectFailure(
      try EngramProcess.run(direct + ["4"]), status: 65, naming: "truth.ivecs", "--k 4")
    expectFailure(
      try EngramProcess.run(direct + ["3", "--metric", "ip"]), status: 65, naming: "--metric cosine"
    )
  }

  @Test("A damaged index is named")
  func damaged() throws {
    let files = try Files()
    let index = try files.folder.write([UInt8](repeating: 7, count: 5000), to: "damaged")
    for kind in ["ann", "filter", "disk"] {
      expectFailure(
        try files.run(kind, "--index", index), status: 65, naming: "--index", index)
    }
    expectFailure(
      try files.run("ann", "--index", files.folder.url.path), status: 74, naming: "--index",
      files.folder.url.path)
  }
}
