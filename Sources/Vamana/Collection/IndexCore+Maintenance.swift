internal import Synchronization
internal import VectorMath

/// A piece of background work, as claimed.
private struct Claim: Sendable {
  var job: Int
  var work: MaintenanceEvent.Work
  var rebuild: SegmentRebuild
  /// First operations of the tails it takes.
  var tails: Set<UInt64> = []
  /// Identities of the segments it takes.
  var segments: Set<ObjectIdentifier> = []
  /// Threads that build.
  var threadCount: Int
}

extension IndexCore {
  /// Threads that seal tails at once, each a build of its own.
  private var sealThreadCountMax: Int {
    min(max(1, configuration.vamana.threadCount), configuration.closedTailCountMax)
  }

  /// The share of the candidates that a sealed tail is built with: it is small and soon merged, and this
  /// costs it 0.002 of recall.
  private static let sealedCandidateShare = 2.0 / 3

  /// How far above the policy's share of dead rows the index may go while tails wait.
  private static let deferredShareFactor = 2.0

  /// Whether the policy, or the caller, has segments to merge.
  func wantsMerge(_ state: IndexState) -> Bool { state.isMerging || nextMerge(state) != nil }

  /// Whether nothing is left to do in the background.
  func isIdle(_ state: IndexState) -> Bool {
    state.sealThreadCount == 0 && state.closedTails.isEmpty && state.retiring.isEmpty
      && !wantsMerge(state)
  }

  /// Starts threads for what there is to do. Called with the state locked.
  func startMaintenance(_ state: inout IndexState) {
    guard !state.isClosed else { return }
    // A thread that was started a moment ago has taken nothing yet, but will.
    let starting = state.sealThreadCount - state.sealsAtWork
    let waiting = state.closedTails.count { !$0.isBeingSealed } - starting
    for _ in 0..<max(0, min(waiting, sealThreadCountMax - state.sealThreadCount)) {
      state.sealThreadCount += 1
      MaintenanceThread.start { self.seal() }
    }
    if !state.isMerging, !state.retiring.isEmpty || nextMerge(state) != nil {
      state.isMerging = true
      MaintenanceThread.start { self.merge() }
    }
  }

  private func nextMerge(_ state: IndexState) -> MergePolicy.Plan? {
    let sizes = state.segments.map(\.size)
    if state.requestedMergesLeft > 0, let plan = configuration.mergePolicy.planForAll(sizes) {
      return plan
    }
    guard let plan = configuration.mergePolicy.plan(sizes) else { return nil }
    return plan.reason == .deadRows && shouldDefer(state) ? nil : plan
  }

  /// Whether dead rows stay where they are for now: tails wait, which inserts and searches feel more, and
  /// a segment that is being deleted in order may die meanwhile.
  private func shouldDefer(_ state: IndexState) -> Bool {
    guard !state.closedTails.isEmpty else { return false }
    let rows = state.segments.reduce(0) { $0 + $1.rowCount }
    let dead = state.segments.reduce(0) { $0 + $1.tombstones.count }
    return Double(dead) <= Self.deferredShareFactor * configuration.mergePolicy.deadShareMax
      * Double(rows)
  }

  // MARK: Sealing

  /// The body of a thread that seals: ends when no tail waits.
  private func seal() {
    var succeeded = true
    while let claim = state.withLock({ state -> Claim? in
      // What finds nothing to do has ended before the lock is given back: a tail closed after that gets
      // a thread of its own.
      if succeeded, let claim = claimTails(&state) { return claim }
      state.sealThreadCount -= 1
      state.wakeAll()
      return nil
    }) {
      succeeded = run(claim)
      state.withLock { $0.sealsAtWork -= 1 }
    }
  }

  /// Takes the oldest waiting tails: several at once where many wait, so that they become one
  /// segment.
  private func claimTails(_ state: inout IndexState) -> Claim? {
    let waiting = state.closedTails.indices.filter { !state.closedTails[$0].isBeingSealed }
    guard !isClosed, !waiting.isEmpty else { return nil }
    let share = (waiting.count + sealThreadCountMax - 1) / sealThreadCountMax
    // Seals on one thread each waste least; one that is alone takes all. A merge beside it may be done in
    // a moment, and does not count.
    let others = state.sealsAtWork + (waiting.count > share ? 1 : 0)
    let taken = waiting.prefix(share)
    for index in taken { state.closedTails[index].isBeingSealed = true }
    state.jobCount += 1
    state.sealsAtWork += 1
    return Claim(
      job: state.jobCount, work: .seal,
      rebuild: SegmentRebuild(tails: taken.map { state.closedTails[$0].view }),
      tails: Set(taken.map { state.closedTails[$0].firstOperation }),
      threadCount: max(1, configuration.vamana.threadCount - others))
  }

  // MARK: Merging

  /// The body of the thread that merges: ends when the policy is content.
  private func merge() {
    var succeeded = true
    while succeeded, let claim = state.withLock({ claimSegments(&$0) }) {
      succeeded = run(claim)
    }
    if succeeded { saveManifestRecordingFailure() }
    state.withLock { state in
      state.isMerging = false
      // What a writer or a seal left behind after the last look.
      if succeeded, state.failure == nil { startMaintenance(&state) }
      state.wakeAll()
    }
  }

  private func claimSegments(_ state: inout IndexState) -> Claim? {
    guard !isClosed else { return nil }
    guard let plan = nextMerge(state) else {
      state.requestedMergesLeft = 0
      return nil
    }
    if plan.reason == .requested { state.requestedMergesLeft -= 1 }
    let entries = plan.segments.map { state.segments[$0] }
    state.merging = Set(entries.map { ObjectIdentifier($0.source) })
    state.jobCount += 1
    return Claim(
      job: state.jobCount, work: .merge(plan.reason), rebuild: SegmentRebuild(segments: entries),
      // It outlasts the seals that are at work now: not to be left on one thread then, it takes all.
      segments: state.merging, threadCount: configuration.vamana.threadCount)
  }

  // MARK: Either

  /// Builds, stores and installs; returns whether that worked.
  private func run(_ claim: Claim) -> Bool {
    func report(_ phase: MaintenanceEvent.Phase) {
      observer?(
        MaintenanceEvent(
          job: claim.job, work: claim.work, phase: phase, rowCount: claim.rebuild.rowCount))
    }
    do {
      report(.began)
      var vamana = configuration.vamana
      vamana.threadCount = claim.threadCount
      if claim.work == .seal {
        vamana.candidateCount = max(
          vamana.maximumDegree, Int(Double(vamana.candidateCount) * Self.sealedCandidateShare))
      }
      let image = try claim.rebuild.build(
        dimension: dimension, metric: metric, model: configuration.model, configuration: vamana,
        isCancelled: { self.isClosed })
      report(.built)
      let source = try image.map { SegmentSource(try storage.store($0), storage: storage) }
      state.withLock { install(claim, source: source, in: &$0) }
      report(.installed)
      try saveManifest()
      return true
    } catch {
      state.withLock { state in
        release(claim, in: &state)
        if !state.isClosed { state.failure = .maintenanceFailed(problem: "\(error)") }
        state.wakeAll()
      }
      report(.failed)
      return false
    }
  }

  /// Puts the result of a build in the place of what it was built from. Records that died meanwhile
  /// are dead in it too.
  private func install(_ claim: Claim, source: SegmentSource?, in state: inout IndexState) {
    func takes(_ tail: Tail) -> Bool { claim.tails.contains(tail.firstOperation) }
    func takes(_ entry: SegmentEntry) -> Bool {
      claim.segments.contains(ObjectIdentifier(entry.source))
    }
    let tombstones =
      state.closedTails.filter(takes).map(\.tombstones)
      + state.segments.filter(takes).map(\.tombstones)
    var entry = source.map { SegmentEntry(source: $0) }
    for recordID in claim.rebuild.recordIDs(deadSince: tombstones) {
      _ = entry?.delete(recordID)
    }
    if claim.work == .seal {
      state.closedTails.removeAll(where: takes)
      if let entry { state.segments.append(entry) }
      state.statistics.sealCount += 1
      state.statistics.sealedRowCount += entry?.rowCount ?? 0
    } else {
      let place = state.segments.firstIndex(where: takes)
      state.retiring += state.segments.filter(takes).map(\.source)
      state.segments.removeAll(where: takes)
      if let entry { state.segments.insert(entry, at: place ?? state.segments.count) }
      state.merging = []
      state.statistics.mergeCount += 1
      state.statistics.mergedRowCount += entry?.rowCount ?? 0
    }
    state.dropDeadSegments()
    startMaintenance(&state)
    publish(&state)
    state.wakeAll()
  }

  private func release(_ claim: Claim, in state: inout IndexState) {
    for index in state.closedTails.indices
    where claim.tails.contains(state.closedTails[index].firstOperation) {
      state.closedTails[index].isBeingSealed = false
    }
    if claim.work != .seal { state.merging = [] }
  }
}

extension IndexCore {
  /// Waits until nothing is left to do.
  func waitUntilIdle() throws(VectorIndexError) {
    _ = try wait { state throws(VectorIndexError) -> Bool? in
      guard !state.isClosed else { throw .closed }
      if let failure = state.failure, !state.isMaintained {
        state.failure = nil
        throw failure
      }
      if isIdle(state) { return true }
      if state.failure == nil { startMaintenance(&state) }
      return nil
    }
  }

  /// Waits until the threads of a closed index have ended.
  func waitUntilStopped() {
    _ = try? wait { state in
      state.isMaintained ? nil : true
    }
  }
}
