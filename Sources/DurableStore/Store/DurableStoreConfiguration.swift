/// How a store file is opened.
public struct DurableStoreConfiguration: Hashable, Sendable {
  /// How long a write waits for another process to finish its own, in seconds.
  public var busyTimeoutSeconds: Double
  /// Connections that read at the same time.
  public var readersMax: Int

  public init(busyTimeoutSeconds: Double = 10, readersMax: Int = 4) {
    self.busyTimeoutSeconds = busyTimeoutSeconds
    self.readersMax = readersMax
  }
}
