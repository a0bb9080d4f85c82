import Engram
import EngramServer
import Episodes
import Foundation
import Glibc
import Testing

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
  private static func server() -> (MCPServer, MemoryGate) {
    var configuration = MemoryConfiguration(
      home: Home(path: NSTemporaryDirectory() + "engram-stdio-" + UUID().uuidString),
      embedder: { WordEmbedder() })
    configuration.cache.addressSpaceBytes = 1 << 32
    configuration.learning.isAutomatic = false
    let gate = MemoryGate(configuration)
    return (MCPServer(gate: gate, version: "1"), gate)
  }

  /// What the first answer has opened is closed.
  private static func end(_ gate: MemoryGate) async throws {
    let home = try await gate.memory().configuration.home.path
    await gate.close()
    try FileManager.default.removeItem(atPath: home)
  }
}
