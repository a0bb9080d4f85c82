internal import Synchronization
internal import Vamana

/// Shows the phases of an index build one after the other.
enum BuildProgressBar {
  /// What a build calls with its progress.
  static func report() -> @Sendable (BuildProgress) -> Bool {
    let current = Mutex<(phase: BuildProgress.Phase, bar: ProgressBar)?>(nil)
    return { progress in
      current.withLock { current in
        if current?.phase != progress.phase {
          current?.bar.finish()
          current = (
            progress.phase,
            ProgressBar("index: \(name(of: progress.phase))", total: progress.totalUnitCount)
          )
        }
        current?.bar.update(to: progress.completedUnitCount)
        if progress.phase == .encoding { current?.bar.finish() }
      }
      return true
    }
  }

  private static func name(of phase: BuildProgress.Phase) -> String {
    switch phase {
    case .neighbors: "neighbours"
    case .longRange: "long edges"
    case .refining: "refining"
    case .pruning: "pruning"
    case .backedges: "back edges"
    case .encoding: "codes"
    }
  }
}
