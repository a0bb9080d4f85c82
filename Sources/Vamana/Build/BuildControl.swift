internal import Synchronization

/// How far a build is.
public struct BuildProgress: Hashable, Sendable {
  public enum Phase: String, Hashable, Sendable, CaseIterable {
    case neighbors, longRange, refining, pruning, backedges, encoding
  }

  public var phase: Phase
  public var completedUnitCount: Int
  public var totalUnitCount: Int

  public init(phase: Phase, completedUnitCount: Int, totalUnitCount: Int) {
    self.phase = phase
    self.completedUnitCount = completedUnitCount
    self.totalUnitCount = totalUnitCount
  }
}

/// Reports the progress of a build to whoever started it, and carries the wish to stop back.
final class BuildControl: Sendable {
  private struct State {
    var progress = BuildProgress(phase: .neighbors, completedUnitCount: 0, totalUnitCount: 0)
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let report: (@Sendable (BuildProgress) -> Bool)?

  /// - Parameter report: called from the build's threads; returns false to cancel.
  init(report: (@Sendable (BuildProgress) -> Bool)?) { self.report = report }

  var isCancelled: Bool { state.withLock(\.isCancelled) }

  func begin(_ phase: BuildProgress.Phase, of totalUnitCount: Int) {
    state.withLock {
      $0.progress = BuildProgress(
        phase: phase, completedUnitCount: 0, totalUnitCount: totalUnitCount)
    }
    advance(by: 0)
  }

  func advance(by count: Int) {
    guard let report else { return }
    let progress = state.withLock { state in
      state.progress.completedUnitCount += count
      return state.progress
    }
    if !report(progress) { state.withLock { $0.isCancelled = true } }
  }

  func check() throws(VamanaError) {
    if isCancelled { throw .cancelled }
  }
}
