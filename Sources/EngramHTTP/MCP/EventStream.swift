internal import Episodes
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An answer that goes on: messages as server-sent events, with signs of life between them.
enum EventStream {
  /// - Parameters:
  ///   - first: a message that was read of the channel before.
  ///   - onEnd: called once, when the stream has ended or the client has gone.
  static func response(
    _ channel: MessageChannel, first: MessageChannel.Message? = nil, pingSeconds: Double,
    headers: HTTPFields = [:], onEnd: @escaping @Sendable () -> Void
  ) -> Response {
    var headers = headers
    headers[.contentType] = "text/event-stream"
    headers[.cacheControl] = "no-cache, no-transform"
    let closing = Closing {
      channel.close()
      onEnd()
    }
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        let box = WriterBox(writer)
        let pinger = Task {
          while !Task.isCancelled {
            try await Task.sleep(for: .seconds(pingSeconds))
            await channel.send(.ping)
          }
        }
        defer {
          pinger.cancel()
          closing()
        }
        if let first { try await box.write(text(of: first)) }
        // So that the client sees that it is connected.
        if first == nil { try await box.write(": connected\n\n") }
        while let message = await channel.next() {
          try await box.write(text(of: message))
          if case .answer = message { break }
        }
        try await box.finish()
      })
  }

  private static func text(of message: MessageChannel.Message) -> String {
    switch message {
    case .notification(let value), .answer(let value?):
      // A JSON text has no line feed.
      "event: message\ndata: \(JSONWriter.text(of: value))\n\n"
    case .answer(nil): ""
    case .ping: ": ping\n\n"
    }
  }
}
