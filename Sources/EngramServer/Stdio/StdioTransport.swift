internal import Dispatch
internal import Episodes
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Serves one client over two descriptors, usually standard input and output: a message a line.
public struct StdioTransport: Sendable {
  private let server: MCPServer
  private let input: Int32
  private let output: Int32
  /// The longest message, in bytes. An episode is at most 10 MB, and its JSON up to three times as long.
  private let lineBytesMax: Int
  /// Seconds that requests have to end after the client has gone.
  private let drainSeconds: Double

  /// - Parameters:
  ///   - input, output: descriptors; they stay open.
  ///   - lineBytesMax: the longest message, in bytes; longer ones are refused.
  ///   - drainSeconds: how long what is not answered at the end of the input may still take.
  public init(
    server: MCPServer, input: Int32 = 0, output: Int32 = 1, lineBytesMax: Int = 32 << 20,
    drainSeconds: Double = 10
  ) {
    self.server = server
    self.input = input
    self.output = output
    self.lineBytesMax = lineBytesMax
    self.drainSeconds = drainSeconds
  }

  /// Serves until the input ends, the output cannot be written, or the task is cancelled.
  ///
  /// What was asked before the end of the input is answered. Neither way ends the process or closes the memory.
  public func run() async {
    let (lines, continuation) = AsyncStream<LineSplitter.Line>.makeStream()
    let writer = MessageWriter(output) { continuation.finish() }
    let session = MCPSession(server: server) { await writer.write($0) }
    // As many messages wait to be taken as this; the client waits then.
    let room = DispatchSemaphore(value: 64)
    read(into: continuation, room)

    let timer = await withDiscardingTaskGroup { group in
      var isFirst = true
      for await line in lines {
        room.signal()
        let answer = take(line, session)
        let isOpening = isFirst
        isFirst = false
        group.addTask {
          if let value = await answer.value { await writer.write(value) }
          // Not before: nothing keeps the first answer waiting.
          if isOpening { server.gate.warmUp() }
        }
      }
      session.end(cancelling: Task.isCancelled)
      return Task {
        try await Task.sleep(for: .seconds(drainSeconds))
        session.end(cancelling: true)
      }
    }
    timer.cancel()
  }

  private func take(
    _ line: LineSplitter.Line, _ session: MCPSession
  ) -> Task<JSONValue?, Never> {
    switch line {
    case .text(let bytes): bytes.withUnsafeBytes { session.receive($0) }
    case .tooLong:
      Task {
        MCPSession.refusal(
          "the message is longer than \(lineBytesMax) bytes; send less at once")
      }
    }
  }

  /// Reads on a thread of its own, which waits for the client as long as it likes.
  private func read(
    into lines: AsyncStream<LineSplitter.Line>.Continuation, _ room: DispatchSemaphore
  ) {
    let input = input
    let bytesMax = lineBytesMax
    let thread = Thread {
      var splitter = LineSplitter(bytesMax: bytesMax)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { buffer.deallocate() }
      let give = { (line: LineSplitter.Line) in
        room.wait()
        lines.yield(line)
        return
      }
      while true {
        // SAFETY: pointer and count are those of one buffer.
        #if canImport(Glibc)
          let count = Glibc.read(input, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
          let count = Musl.read(input, buffer.baseAddress, buffer.count)
        #else
          let count = Darwin.read(input, buffer.baseAddress, buffer.count)
        #endif
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        splitter.add(UnsafeRawBufferPointer(rebasing: buffer[..<count]), give)
      }
      splitter.finish(give)
      lines.finish()
    }
    thread.name = "engram.mcp.reader"
    thread.start()
  }
}
