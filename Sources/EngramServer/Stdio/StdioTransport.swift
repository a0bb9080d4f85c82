internal import Episodes
internal import Foundation
internal import Logging
internal import Platform

/// Serves one client over two descriptors, usually standard input and output: a message a line.
public struct StdioTransport: Sendable {
  private let server: MCPServer
  private let input: Int32
  private let output: Int32
  /// The longest message, in bytes. An episode is at most 10 MB, and its JSON up to three times as long.
  private let lineBytesMax: Int
  /// Bytes that may wait: of messages for their answers, and of answers for the client.
  private let waitingBytesMax: Int
  /// Seconds that requests have to end after the client has gone.
  private let drainSeconds: Double

  /// - Parameters:
  ///   - input, output: descriptors; they stay open.
  ///   - lineBytesMax: the longest message, in bytes; longer ones are refused.
  ///   - waitingBytesMax: nothing more is read while messages of this many bytes have no answer, and no more work
  ///     is begun while answers of this many bytes have not been read.
  ///   - drainSeconds: how long what is not answered at the end of the input may still take.
  public init(
    server: MCPServer, input: Int32 = 0, output: Int32 = 1, lineBytesMax: Int = 32 << 20,
    waitingBytesMax: Int = 64 << 20, drainSeconds: Double = 10
  ) {
    self.server = server
    self.input = input
    self.output = output
    self.lineBytesMax = lineBytesMax
    self.waitingBytesMax = waitingBytesMax
    self.drainSeconds = drainSeconds
  }

  /// Serves until the input ends, the output cannot be written, or the task is cancelled.
  ///
  /// What was asked before the end of the input is answered. Neither way ends the process or closes the memory.
  public func run() async {
    let (lines, continuation) = AsyncStream<LineSplitter.Line>.makeStream()
    let writer = MessageWriter(output, bytesMax: waitingBytesMax) { continuation.finish() }
    let session = MCPSession(server: server) {
      await writer.waitForRoom()
    } notify: {
      await writer.write($0)
    }
    // Room for those that are refused because too many are not answered. Given back when the answer has been
    // written: a client that does not read is not read from.
    let room = MessageRoom(
      messagesMax: server.limits.unansweredMax + 64, bytesMax: waitingBytesMax)
    read(into: continuation, room)

    let timer = await withDiscardingTaskGroup { group in
      var isFirst = true
      for await line in lines {
        let answer = take(line, session)
        let byteCount = line.byteCount
        let isOpening = isFirst
        isFirst = false
        group.addTask {
          if let value = await answer.value { await writer.write(value) }
          room.give(byteCount)
          // Not before: nothing keeps the first answer waiting.
          if isOpening { server.gate.warmUp() }
        }
      }
      room.close()
      session.end(cancelling: Task.isCancelled)
      let seconds = Task.isCancelled ? min(1, drainSeconds) : drainSeconds
      return Task {
        try await Task.sleep(for: .seconds(seconds))
        session.end(cancelling: true)
        writer.end()
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
    into lines: AsyncStream<LineSplitter.Line>.Continuation, _ room: MessageRoom
  ) {
    let input = input
    let bytesMax = lineBytesMax
    let logger = server.logger
    let thread = Thread {
      var splitter = LineSplitter(bytesMax: bytesMax)
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
      defer { buffer.deallocate() }
      var isWanted = true
      let give = { (line: LineSplitter.Line) in
        isWanted = isWanted && room.take(line.byteCount)
        if isWanted { lines.yield(line) }
      }
      do {
        while isWanted {
          let count = try Descriptor.read(input, into: buffer, path: "standard input")
          guard count > 0 else { break }
          splitter.add(UnsafeRawBufferPointer(rebasing: buffer[..<count]), give)
        }
      } catch {
        logger.error("\(error)")
      }
      splitter.finish(give)
      lines.finish()
    }
    thread.name = "engram.mcp.reader"
    thread.start()
  }
}
