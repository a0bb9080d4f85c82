internal import DurableStore
internal import Hrana

/// The smallest requests to a server, for measurements.
package final class RemoteProbe: Sendable {
  private let transport: RemoteTransport

  package init(_ configuration: RemoteStoreConfiguration) {
    transport = RemoteTransport(configuration, pool: PoolConfiguration())
  }

  /// Asks for what needs no SQL.
  package func roundTrip() async throws {
    _ = try await answer([.getAutocommit, .close])
  }

  /// Runs one statement.
  package func execute(_ sql: String) async throws {
    let results = try await answer([.execute(HranaStatement(sql)), .close])
    if case .error(let error)? = results.first { throw SQLError(error) }
  }

  private func answer(_ requests: [HranaRequest]) async throws(SQLError) -> [HranaResult] {
    let answer: HranaPipelineResponse = try await transport.send(
      HranaPipelineRequest(requests), to: "/v3/pipeline", at: transport.configuration.url,
      isWrite: true)
    return answer.results
  }

  /// Requests so far.
  package var requestCount: Int { transport.requestCount }

  package func close() { transport.close() }
}
