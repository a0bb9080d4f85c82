internal import NIOCore

/// Closes a connection whose client takes none of what waits for it: it would hold its answer, and what that reads
/// from, for ever.
///
/// One that reads slowly is left alone, as long as less is waiting each time it is looked at.
final class StalledReaderHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = Never

  private let limit: TimeAmount
  private var timer: Scheduled<Void>?
  private var bytesBefore = Int.max

  init(seconds: Double) { limit = .milliseconds(Int64(seconds * 1000)) }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stop()
    } else if timer == nil {
      bytesBefore = .max
      watch(context)
    }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  private func stop() {
    timer?.cancel()
    timer = nil
  }

  private func watch(_ context: ChannelHandlerContext) {
    let bytes = Self.waitingBytes(of: context.channel)
    guard bytes < bytesBefore else {
      timer = nil
      context.close(promise: nil)
      return
    }
    bytesBefore = bytes
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: limit) {
      let (handler, context) = bound.value
      handler.watch(context)
    }
  }

  /// One below the most where the channel cannot tell: then it has one term.
  private static func waitingBytes(of channel: any Channel) -> Int {
    (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? Int.max - 1
  }
}
