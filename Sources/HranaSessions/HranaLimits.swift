/// Bounds on what clients of SQL sessions may have the server do.
public struct HranaLimits: Hashable, Sendable {
  /// Streams at once: those at work, and those that wait for their client.
  public var streamsMax = 128
  /// Those of clients that may read only: the rest is left to those that write.
  public var readerStreamsMax = 64
  /// Seconds after which a stream whose client is silent ends.
  public var idleSeconds = 10.0
  /// Seconds after which a transaction that writes ends, if its client is silent, or takes more rows of a cursor, or sends
  /// more requests: nobody else can write meanwhile. The request that begins it has its own ``requestSeconds``.
  public var transactionSeconds = 5.0
  /// Seconds after which a stream ends between two requests, however often its client asks.
  public var streamSeconds = 3600.0
  /// Seconds that the statements of one request may take together.
  public var requestSeconds = 30.0
  /// Seconds that a statement waits for another process, or stream, to finish its write.
  public var busySeconds = 5.0
  /// The longest SQL text, in bytes.
  public var statementBytesMax = 1 << 20
  /// The longest value that a statement takes or makes, in bytes.
  public var valueBytesMax = 16 << 20
  /// Columns of a table or a result.
  public var columnsMax = 256
  /// The most bytes of an answer that is not a cursor's, over all of its requests, about. One row of a cursor may take
  /// twice as many. Texts and blobs are counted as if written in base64, a third more than they have.
  public var responseBytesMax = 32 << 20
  /// Requests in one pipeline.
  public var requestsMax = 1000
  /// SQL texts that a stream stores.
  public var storedTextsMax = 50
  /// The longest of them, in bytes.
  public var storedTextBytesMax = 5000
  /// Connections that are kept open for the next stream.
  public var keptConnectionsMax = 8

  public init() {}
}
