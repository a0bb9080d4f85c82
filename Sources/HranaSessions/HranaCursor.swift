internal import Synchronization

/// The rows of a batch, as lines of JSON, while their client takes them. Used by one task at a time.
public final class HranaCursor: Sendable {
  /// For the requests after the last line.
  public let baton: String
  private let run: CursorRun
  private let session: SQLSession
  private let service: HranaService
  private let isOver = Atomic<Bool>(false)

  /// Bytes of lines at a time, about.
  private static let bytesAtOnce = 64 << 10

  init(_ run: CursorRun, session: SQLSession, baton: String, service: HranaService) {
    self.run = run
    self.session = session
    self.baton = baton
    self.service = service
  }

  deinit { abandon() }

  /// - Returns: the next lines; nil after the last.
  public func next() async -> String? {
    if isOver.load(ordering: .relaxed) { return nil }
    let (lines, isLast) = await session.run(seconds: service.limits.requestSeconds) { [run] _ in
      run.next(bytes: Self.bytesAtOnce)
    }
    // Before the client has the last line, so that it can go on at once.
    if isLast, !isOver.exchange(true, ordering: .relaxed) { service.park(session, baton) }
    return lines
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
