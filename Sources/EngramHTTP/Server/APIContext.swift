internal import Hummingbird
internal import Logging
internal import NIOCore

/// What is known of a connection.
struct APIContext: InitializableFromSource {
  /// Of the client, without its port.
  let address: String

  init(source: ApplicationRequestContextSource) {
    address = source.channel.remoteAddress?.ipAddress ?? "local"
  }
}
