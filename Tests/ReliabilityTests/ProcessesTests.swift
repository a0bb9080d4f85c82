import Foundation
import Testing

// Fault model of these suites.
//
// Processes run on one machine and one home. Any of them may be killed at any moment (SIGKILL) without a
// chance to do anything, in a group or alone. The operating system goes on: what a process has handed to it
// stays. (A loss of power is not simulated here; the durable store flushes each transaction before it
// acknowledges it, and the cache may lose its last transactions, watermark and all.) Files are not changed by
// anybody else.
//
// What must hold: a write that was acknowledged is there, and one that was not is there as a whole or not at
// all; a delete that was acknowledged stays; the home opens; the cache agrees with the store after the next
// sync; the index is sound; searches work; nobody waits for ever.

@Suite("Several processes on one home", .serialized)
struct ProcessesTests {
  @Test("Everything that several processes write at once is stored, and cache and index agree")
  func writers() throws {
    let (processCount, writeCount) = Workload.isSlow ? (8, 1000) : (3, 12)
    let home = try ReliabilityHome()
    try home.succeed("init")
    let ids = (0..<processCount).map { process in
      (0..<writeCount).map { "p\(process)-\($0)" }
    }
    let writers = try ids.map {
      try home.start(
        "import", "jsonl", "-", "--batch", "1", "--acknowledge", input: Workload.lines($0))
    }
    // Others look and build meanwhile.
    var lookCount = 0
    while writers.contains(where: \.isRunning) {
      try home.succeed("search", Workload.words[lookCount % Workload.words.count])
      if lookCount % 5 == 2 { try home.succeed("index", "build") }
      lookCount += 1
    }
    for (writer, ids) in zip(writers, ids) {
      let run = try #require(try writer.wait(secondsMax: 1200), "a writer did not end")
      #expect(run.status == 0, "\(run.errors)")
      #expect(Array(run.lines.prefix(writeCount)) == ids)
    }
    #expect(try home.storedIDs() == Set(ids.joined()))
    try home.succeed("index", "build")
    try home.succeed("index", "verify")
    try home.expectSound()
    #expect(try home.integrity() == "ok\n")
  }
}
