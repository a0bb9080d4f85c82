/// Something that happened in the background of a ``VectorIndex``.
public struct MaintenanceEvent: Hashable, Sendable {
  public enum Work: Hashable, Sendable {
    /// Closed tails become a segment.
    case seal
    /// Segments become one.
    case merge(MergePolicy.Plan.Reason)
  }

  public enum Phase: String, Hashable, Sendable, CaseIterable {
    case began
    /// The image is built and goes to the storage.
    case built
    /// Searches use the result.
    case installed
    case failed
  }

  /// Numbers the piece of work: the same for all its phases.
  public var job: Int
  public var work: Work
  public var phase: Phase
  /// Rows that were alive when the work began.
  public var rowCount: Int

  public init(job: Int, work: Work, phase: Phase, rowCount: Int) {
    self.job = job
    self.work = work
    self.phase = phase
    self.rowCount = rowCount
  }
}
