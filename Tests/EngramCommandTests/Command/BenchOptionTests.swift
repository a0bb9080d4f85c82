import Foundation
import Testing

@Suite("The options of benchmarks")
struct BenchOptionTests {
  private static let kinds = ["ann", "disk", "filter", "flat", "update"]

  @Test("A value out of range ends with 64 and names the option and the range")
  func ranges() throws {
    let files = ["--base", "x.npy", "--queries", "y.npy"]
    for (kind, option, value, expected) in [
      ("ann", "--degree", "0", "4 to 256"), ("ann", "--alpha", "0.5", "1 to 10"),
      ("ann", "--long-range-degree", "20", "a quarter of --degree (32)"),
      ("ann", "--k", "2000", "1 to 1024"), ("ann", "--threads", "0", "1 to 1024"),
      ("filter", "--degree", "300", "4 to 256"), ("filter", "--target-recall", "2.0", "0 to 1"),
      ("filter", "--list-size", "0", "1 to 1000000"), ("disk", "--degree", "3", "4 to 256"),
      ("disk", "--concurrent-reads", "65", "1 to 64"), ("flat", "--passes", "0", "1 to 1000"),
    ] {
      let index = kind == "disk" ? ["--index", "z"] : []
      let run = try EngramProcess.run(["bench", kind] + files + index + [option, value])
      #expect(run.status == 64, "\(run.errors)")
      #expect(run.errors.contains("\(option) is \(value); expected"), "\(run.errors)")
      #expect(run.errors.contains(expected), "\(run.errors)")
    }
  }

  @Test("A list of numbers without a number is refused")
  func lists() throws {
    for (option, kind) in [
      ("--list-sizes", "ann"), ("--target-recalls", "ann"), ("--selectivities", "filter"),
    ] {
      for value in [",", "", "1,,1", "x"] {
        let run = try EngramProcess.run(
          "bench", kind, "--base", "x.npy", "--queries", "y.npy", option, value)
        #expect(run.status == 64, "\(option) '\(value)'")
        #expect(run.errors.contains(option), "\(run.errors)")
      }
    }
  }

  @Test("The help of --metric says what the names mean, and which is the default")
  func metric() throws {
    for kind in Self.kinds {
      let help = try EngramProcess.run("bench", kind, "--help").output
      #expect(help.contains("(default: cosine)"), "\(kind)")
      for name in ["cosine", "ip", "l2"] {
        #expect(
          help.split(separator: "\n").contains { line in
            line.trimmingCharacters(in: .whitespaces).hasPrefix(name) && line.contains(" - by ")
          }, "\(kind): \(name)")
      }
    }
  }

  @Test("A full disk under the output is an error")
  func fullOutput() throws {
    let folder = try TemporaryFolder()
    let values = (0..<100 * 8).map { Float(($0 * 7919) % 1009) }
    let base = try folder.write(
      VectorFileBytes.fbin(count: 100, dimension: 8, values), to: "base.fbin")
    let files = ["--base", base, "--queries", base]
    for arguments in [
      ["ann", "--list-sizes", "10,20"] + files, ["filter", "--selectivities", "0.5"] + files,
      ["flat", "--format", "json"] + files, ["disk", "--index", folder.path("index")] + files,
      ["update", "--count", "200", "--dimension", "8", "--queries", "5", "--format", "json"],
    ] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: EngramProcess.path)
      process.arguments = ["bench"] + arguments
      process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let text = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 74, "\(arguments[0])")
      #expect(text.contains("standard output"), "\(text)")
    }
  }
}
