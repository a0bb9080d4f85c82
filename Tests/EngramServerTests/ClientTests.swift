import Foundation
import Testing

/// The protocol's own Python client, where `make mcp-client` has installed it.
enum ProtocolClient {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Client").path
  static let python = folder + "/.venv/bin/python"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }
}

@Suite("The protocol's own client")
struct ClientTests {
  @Test(
    "finds every tool, resource and prompt over stdio in all of its modes, and survives what is bad",
    // Where all is checked it must be there.
    .enabled(
      if: ProtocolClient.isInstalled || ProcessInfo.processInfo.environment["CI"] != nil,
      "make mcp-client installs the client"))
  func stdio() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ProtocolClient.python)
    process.arguments = [
      ProtocolClient.folder + "/client_test.py",
      // Built beside the program that runs the tests.
      URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("engram").path,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let report = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(report)")
    #expect(report.contains("\nOK"), "\(report)")
  }
}
