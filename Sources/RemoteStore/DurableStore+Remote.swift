public import DurableStore

extension DurableStore {
  /// Opens a database elsewhere, on a libSQL server, and brings its schema up to date.
  ///
  /// Every read and every write is one request. A write whose answer is lost is not sent again: it fails with an
  /// `SQLError` whose `mayHaveBeenApplied` is set.
  ///
  /// ```swift
  /// let remote = try RemoteStoreConfiguration(
  ///   url: DatabaseURL("libsql://memory.example"), token: .file(path: "/run/secrets/engram"))
  /// let store = try await DurableStore.open(remote: remote)
  /// ```
  ///
  /// - Parameters:
  ///   - remote: where it is.
  ///   - configuration: connections, breaker and retries; the busy time-out is the server's own.
  /// - Throws: ``DurableStoreError`` when it cannot be reached, is another program's, or was written by a later
  ///   release.
  public static func open(
    remote: RemoteStoreConfiguration,
    configuration: DurableStoreConfiguration = DurableStoreConfiguration()
  ) async throws(DurableStoreError) -> DurableStore {
    try await open(
      RemoteBackend(remote, pool: configuration.pool), name: remote.url.text,
      configuration: configuration)
  }
}
