import Foundation
import Glibc
import Platform
import Testing

@Suite("Reading and writing descriptors")
struct DescriptorTests {
  @Test("waits where another process has made the open file non-blocking")
  func nonBlocking() async throws {
    let pipe = Pipe()
    let (outlet, inlet) = (
      pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting.fileDescriptor
    )
    for descriptor in [outlet, inlet] { #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0) }
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let reader = Thread.detached { () -> [UInt8] in
      var received: [UInt8] = []
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 10_000, alignment: 1)
      defer { buffer.deallocate() }
      while received.count < bytes.count {
        let count = try Descriptor.read(outlet, into: buffer, path: "pipe")
        guard count > 0 else { break }
        received += buffer[..<count]
      }
      return received
    }
    // The reader waits at first, and then the writer does.
    try await Task.sleep(for: .milliseconds(100))
    let isWritten = try bytes.withUnsafeBytes {
      try Descriptor.write($0, to: inlet, path: "pipe")
    }
    #expect(isWritten)
    #expect(try await reader.value == bytes)
  }

  @Test("gives up what nobody reads when it is not wanted any more")
  func givesUp() throws {
    let pipe = Pipe()
    var askedCount = 0
    let bytes = [UInt8](repeating: 1, count: 1_000_000)
    let isWritten = try bytes.withUnsafeBytes {
      try Descriptor.write($0, to: pipe.fileHandleForWriting.fileDescriptor, path: "pipe") {
        askedCount += 1
        return askedCount < 40
      }
    }
    #expect(!isWritten)
  }

  @Test("an error names what was tried")
  func fails() {
    let error = #expect(throws: FileFailure.self) {
      var byte: UInt8 = 0
      _ = try withUnsafeMutableBytes(of: &byte) {
        try Descriptor.read(-1, into: $0, path: "nothing")
      }
    }
    #expect(error?.description.hasPrefix("cannot read 'nothing'") == true)
  }
}

extension Thread {
  /// Runs `body` on a thread of its own.
  fileprivate static func detached<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) -> Task<Value, any Error> {
    Task {
      try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
      }
    }
  }
}
