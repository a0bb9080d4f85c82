internal import Hummingbird
internal import Logging
internal import NIOCore

/// What is known of a connection.
struct APIContext: InitializableFromSource {
  /// Of the client, without its port.
  let address: String
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    address = source.channel.remoteAddress?.ipAddress ?? "local"
    channel = source.channel
  }

  /// Ends the connection, once an answer has had the time to go out.
  ///
  /// What a client still sends of a body that was refused would be read for as long as it sends.
  func closeSoon() {
    channel.eventLoop.scheduleTask(in: .seconds(5)) { [channel] in channel.close(promise: nil) }
  }
}
