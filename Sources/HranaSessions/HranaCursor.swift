internal import Hrana
internal import Synchronization

/// The rows of a batch, as lines of JSON, while their client takes them. Used by one task at a time.
public final class HranaCursor: Sendable {
  /// For the requests after the last line.
  public let baton: String
  private let run: CursorRun
  private let session: SQLSession
  private let service: HranaService
  private let isOver = Atomic<Bool>(false)
  private let isWhole = Atomic<Bool>(false)
  /// Ends the stream whose client does not come back while it keeps others from writing.
  private let patience = Mutex<Task<Void, Never>?>(nil)

  /// Bytes of lines at a time, about.
  private static let bytesAtOnce = 128 << 10

  init(_ run: CursorRun, session: SQLSession, baton: String, service: HranaService) {
    self.run = run
    self.session = session
    self.baton = baton
    self.service = service
  }

  deinit {
    setPatience(nil)
    abandon()
  }

  /// - Returns: the next lines, in UTF-8; nil after the last.
  /// - Throws: `HranaRefusal` when the stream has ended before its last line.
  public func next() async throws(HranaRefusal) -> [UInt8]? {
    setPatience(nil)
    if isWhole.load(ordering: .acquiring) { return nil }
    if isOver.load(ordering: .relaxed) { throw Self.broken }
    let (lines, isLast) = await session.run(seconds: service.limits.requestSeconds) { [self] _ in
      // Looked at in turn with what gives up: after that nothing is begun again.
      isOver.load(ordering: .acquiring) ? ([], false) : run.next(bytes: Self.bytesAtOnce)
    }
    if lines.isEmpty, isOver.load(ordering: .acquiring) { throw Self.broken }
    // Before the client has the last line, so that it can go on at once.
    if isLast {
      guard !isOver.exchange(true, ordering: .relaxed) else { throw Self.broken }
      isWhole.store(true, ordering: .releasing)
      service.park(session, baton)
    } else if let since = session.writingSince {
      let end = since + .seconds(service.limits.transactionSeconds)
      setPatience(
        Task { [weak self] in
          do { try await ContinuousClock().sleep(until: end) } catch { return }
          self?.abandon()
        })
    }
    return lines
  }

  private static let broken = HranaRefusal(
    .failed, "TRANSACTION_TIMEOUT", "the stream of the cursor was ended before its last row")

  private func setPatience(_ task: Task<Void, Never>?) {
    patience.withLock { current in
      current?.cancel()
      current = task
    }
  }

  /// Ends the stream, unless all was taken.
  public func abandon() {
    guard !isOver.exchange(true, ordering: .relaxed) else { return }
    let run = run
    Task { [session, service, baton] in
      await session.run(seconds: 1) { _ in run.abandon() }
      service.drop(session, baton: baton)
    }
  }
}
