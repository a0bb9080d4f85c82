import Engram
import Episodes
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import EngramServer

@Suite("The stdio transport")
struct StdioTests {
  @Test("refuses a message that is too long, answers the one after it, and ends with its input")
  func longMessages() async throws {
    let run = try await serve(
      String(repeating: "x", count: 5000) + "\n"
        + #"{"jsonrpc":"2.0","id":"after","method":"ping"}"# + "\r\n\n"
        // The last line needs no end.
        + #"{"jsonrpc":"2.0","id":"last","method":"ping"}"#)
    #expect(run.count == 3)
    let refusal = try #require(run.first { $0["error"] != nil })
    #expect(refusal["error"]?["code"] == -32600)
    #expect(refusal["error"]?["message"]?.string?.contains("longer than 4096 bytes") == true)
    #expect(refusal["id"] == .null)
    for id in ["after", "last"] { #expect(run.contains { $0["id"] == .string(id) }) }
  }

  @Test("writes one message a line, whatever is in it")
  func lines() async throws {
    let run = try await serve(
      #"{"jsonrpc":"2.0","id":"a\nb\u0000\u2028","method":"ping"}"# + "\n")
    #expect(run.count == 1)
    #expect(run.first?["id"] == "a\nb\u{0}\u{2028}")
  }

  @Test("ends when nobody reads its answers")
  func brokenOutput() async throws {
    signal(SIGPIPE, SIG_IGN)
    let input = Pipe()
    let output = Pipe()
    try output.fileHandleForReading.close()
    let (server, gate) = Self.server()
    let transport = StdioTransport(
      server: server, input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor)
    input.fileHandleForWriting.write(
      Data((#"{"jsonrpc":"2.0","id":1,"method":"ping"}"# + "\n").utf8))
    // The input is still open.
    await transport.run()
    try await Self.end(gate)
    try input.fileHandleForWriting.close()
  }

  @Test("a client that does not read its answers is not read from, and loses none of them")
  func silentClient() async throws {
    var limits = MCPLimits()
    limits.unansweredMax = 8
    let input = Pipe()
    let output = Pipe()
    let (server, gate) = Self.server(limits)
    let (inlet, outlet) = (
      input.fileHandleForWriting.fileDescriptor, output.fileHandleForReading.fileDescriptor
    )
    // Shared with the server, which must go on all the same.
    for descriptor in [
      inlet, outlet, input.fileHandleForReading.fileDescriptor,
      output.fileHandleForWriting.fileDescriptor,
    ] {
      #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
    }
    let transport = StdioTransport(
      server: server, input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor)
    let serving = Task { await transport.run() }
    let line = Array((#"{"jsonrpc":"2.0","id":1,"method":"ping"}"# + "\n").utf8)
    var sent = 0
    var idle = 0
    while idle < 20, sent < 100_000 {
      if write(inlet, line, line.count) == line.count {
        sent += 1
        idle = 0
      } else {
        #expect(errno == EAGAIN)
        idle += 1
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    // What the two pipes hold, a buffer of the reader, and the messages that may wait.
    let held = (3 * 65_536) / line.count + limits.unansweredMax + 64 + 10
    #expect(sent <= 2 * held, "\(sent) were taken of a client that does not read")
    try input.fileHandleForWriting.close()
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var lineCount = 0
    while lineCount < sent {
      let count = read(outlet, &buffer, buffer.count)
      if count > 0 {
        received += buffer[..<count]
        lineCount += buffer[..<count].count { $0 == 0x0A }
      } else {
        try #require(count < 0 && errno == EAGAIN)
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    await serving.value
    try await Self.end(gate)
    #expect(lineCount == sent)
  }

  @Test("work waits while a client has more to read than it may, and goes on when it has read")
  func roomOfWriter() async throws {
    let output = Pipe()
    let writer = MessageWriter(output.fileHandleForWriting.fileDescriptor, bytesMax: 1000) {}
    await writer.waitForRoom()
    let big = JSONValue.string(String(repeating: "x", count: 200_000))
    let writing = Task { await writer.write(big) }
    let hasRoom = Mutex(false)
    // It is queued before it is written, and a pipe holds less.
    try await Task.sleep(for: .milliseconds(200))
    let waiting = Task {
      await writer.waitForRoom()
      hasRoom.withLock { $0 = true }
    }
    let givenUp = Task { await writer.waitForRoom() }
    givenUp.cancel()
    await givenUp.value
    try await Task.sleep(for: .milliseconds(300))
    #expect(!hasRoom.withLock { $0 })
    var left = 200_003
    while left > 0 { left -= output.fileHandleForReading.availableData.count }
    await writing.value
    await waiting.value
    #expect(hasRoom.withLock { $0 })
  }

  @Test("a server that is to end does so though nobody reads its answers")
  func endsUnread() async throws {
    let input = Pipe()
    let output = Pipe()
    let (server, gate) = Self.server()
    let transport = StdioTransport(
      server: server, input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor)
    let serving = Task { await transport.run() }
    let line = Data((#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"# + "\n").utf8)
    for _ in 0..<2000 { input.fileHandleForWriting.write(line) }
    try await Task.sleep(for: .milliseconds(500))
    serving.cancel()
    await serving.value
    try input.fileHandleForWriting.close()
    try await Self.end(gate)
  }

  /// What is written in answer to a text.
  private func serve(_ text: String) async throws -> [JSONValue] {
    let input = Pipe()
    let output = Pipe()
    let (server, gate) = Self.server()
    let transport = StdioTransport(
      server: server, input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor, lineBytesMax: 4096)
    input.fileHandleForWriting.write(Data(text.utf8))
    try input.fileHandleForWriting.close()
    await transport.run()
    try await Self.end(gate)
    try output.fileHandleForWriting.close()
    let written = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(written.hasSuffix("\n"))
    return try written.split(separator: "\n").map { try JSONReader.value(of: String($0)) }
  }

  /// A server on a home that is deleted by ``end(_:)``.
  private static func server(_ limits: MCPLimits = MCPLimits()) -> (MCPServer, MemoryGate) {
    var configuration = MemoryConfiguration(
      home: Home(path: NSTemporaryDirectory() + "engram-stdio-" + UUID().uuidString),
      embedder: { WordEmbedder() })
    configuration.cache.addressSpaceBytes = 1 << 32
    configuration.learning.isAutomatic = false
    let gate = MemoryGate(configuration)
    return (MCPServer(gate: gate, version: "1", limits: limits), gate)
  }

  /// What the first answer has opened is closed.
  private static func end(_ gate: MemoryGate) async throws {
    let home = try await gate.memory().configuration.home.path
    await gate.close()
    try FileManager.default.removeItem(atPath: home)
  }
}
