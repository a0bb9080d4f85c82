internal import DurableStore
public import Episodes
internal import Logging
internal import Sync
internal import Synchronization

extension Memory {
  /// The limits on the number of episodes, and how much of them is used.
  public func capacity() async throws(EngramError) -> CapacityReport {
    try await engramErrors {
      let limits = try await lookedUpLimits()
      let namespaces = try await store.namespaces(withMoreEpisodesThan: 0)
      return CapacityReport(
        limits: limits, isConfigured: configuration.capacity != nil,
        episodes: namespaces.reduce(0) { $0 + $1.episodes },
        namespaces: Dictionary(uniqueKeysWithValues: namespaces.map { ($0, $1) }),
        evictedSinceOpening: capacityState.withLock { $0.evicted.evicted })
    }
  }

  /// Sets limits for every process that uses the store, from the next write on. What is over them is evicted by
  /// that write, or by ``enforceCapacity(isDryRun:)``.
  ///
  /// - Throws: ``EngramError`` with code `invalidInput` for a limit below 1.
  public func setCapacity(_ limits: CapacityLimits) async throws(EngramError) {
    try await engramErrors {
      try await store.setCapacity(limits)
      _ = try await lookedUpLimits()
    }
  }

  /// Deletes the episodes that are over the limits, in the order of the policy, in batches, each a transaction.
  ///
  /// Those that nothing has been learned from yet go after others, and unfinished ones last. What is evicted is
  /// deleted, not forgotten: an import brings it back, and patterns and heuristics go on counting it.
  ///
  /// - Parameter isDryRun: whether it is only told what would go.
  @discardableResult
  public func enforceCapacity(isDryRun: Bool = false) async throws(EngramError) -> EvictionReport {
    let report = try await engramErrors {
      await flushAccesses()
      return try await evict(
        by: try await lookedUpLimits(), namespaces: nil, exactly: true, isDryRun: isDryRun)
    }
    if report.evicted > 0, !isDryRun { await coordinator.runAfterWrite() }
    return report
  }

  /// What ``enforceCapacity(isDryRun:)`` would delete under other limits, which are not set.
  ///
  /// - Throws: ``EngramError`` with code `invalidInput` for a limit below 1.
  public func evictions(
    under limits: CapacityLimits
  ) async throws(EngramError) -> EvictionReport {
    try await engramErrors {
      try limits.validate()
      return try await evict(by: limits, namespaces: nil, exactly: true, isDryRun: true)
    }
  }

  /// What writes of this memory have evicted since it was opened.
  public var evictions: EvictionReport { capacityState.withLock { $0.evicted } }

  /// The limits as the configuration or the store has them now.
  @discardableResult
  func lookedUpLimits() async throws -> CapacityLimits {
    var limits = configuration.capacity
    if limits == nil { limits = try await store.capacity() }
    let found = limits ?? CapacityLimits()
    let now = SyncCoordinator.monotonicSeconds()
    capacityState.withLock { state in
      if state.limits != found { state.dropHeadrooms() }
      state.limits = found
      state.lookedAt = now
    }
    return found
  }

  /// The limits, looked up again where that was some time ago.
  private func currentLimits() async throws -> CapacityLimits {
    let now = SyncCoordinator.monotonicSeconds()
    let known = capacityState.withLock { state in
      now - state.lookedAt < CapacityState.limitsSeconds ? state.limits : nil
    }
    if let known { return known }
    return try await lookedUpLimits()
  }

  /// When episodes that are stored now count as used: now, under a limit, so that older ones go before them,
  /// however long ago they took place; nil without one.
  func accessOfInsert() async throws -> Timestamp? {
    try await currentLimits().isLimited ? configuration.now() : nil
  }

  /// Evicts what a write has put over the limits. What goes wrong is logged: the write is stored.
  ///
  /// - Parameter added: how many episodes were added to which namespaces.
  /// - Returns: how many were evicted.
  func evictAfterWrite(added: [String: Int]) async -> Int {
    if added.isEmpty { return 0 }
    do {
      let limits = try await currentLimits()
      guard limits.isLimited else { return 0 }
      await flushAccesses()
      let report = try await evict(
        by: limits, namespaces: added, exactly: false, isDryRun: false)
      guard report.evicted > 0 else { return 0 }
      capacityState.withLock { state in
        state.evicted.evicted += report.evicted
        state.evicted.ids += report.ids.prefix(
          max(0, EvictionReport.idsMax - state.evicted.ids.count))
      }
      logger.notice(
        "\(report.evicted) episodes were evicted: more than the limit allows",
        metadata: ["first": "\(report.ids.first ?? "")"])
      return report.evicted
    } catch {
      logger.warning("episodes over the limit could not be evicted; a later write will: \(error)")
      return 0
    }
  }

  /// - Parameters:
  ///   - namespaces: those that have grown, and by how much; nil to look at all.
  ///   - exactly: whether as many stay as the limits allow, and not a little fewer.
  private func evict(
    by limits: CapacityLimits, namespaces: [String: Int]?, exactly: Bool, isDryRun: Bool
  ) async throws -> EvictionReport {
    var report = EvictionReport()
    report.isDryRun = isDryRun
    var planned: Set<String> = []
    func target(_ limit: Int) -> Int { exactly ? limit : CapacityLimits.target(of: limit) }
    if let limit = limits.namespaceEpisodesMax {
      var grown: [(namespace: String, episodes: Int)] = []
      if let namespaces {
        for (name, added) in namespaces.sorted(by: { $0.key < $1.key })
        where !capacityState.withLock({ $0.takeHeadroom(added, of: name) }) {
          let count = try await store.episodeCount(namespace: name)
          grown.append((name, count))
          if !isDryRun {
            // A little of it: other processes add episodes too.
            let headroom = min(limit - min(count, limit), limit - CapacityLimits.target(of: limit))
            capacityState.withLock { $0.setHeadroom(headroom, of: name) }
          }
        }
      } else {
        grown = try await store.namespaces(withMoreEpisodesThan: limit)
      }
      for (name, count) in grown where count > limit {
        try await evict(count - target(limit), of: name, limits.policy, &report, &planned)
      }
    }
    guard let limit = limits.episodesMax else { return report }
    let added = namespaces?.values.reduce(0, +)
    let mustCount = capacityState.withLock { state in
      guard let added, added <= state.headroom else { return true }
      state.headroom -= added
      return false
    }
    guard mustCount else { return report }
    // What a dry run would have taken from the namespaces is not here either.
    let count = try await store.episodeCount(namespace: nil) - (isDryRun ? report.evicted : 0)
    if count > limit {
      try await evict(count - target(limit), of: nil, limits.policy, &report, &planned)
    }
    if !isDryRun {
      // A little of it: other processes add episodes too.
      let headroom = min(limit - min(count, limit), limit - CapacityLimits.target(of: limit))
      capacityState.withLock { $0.headroom = headroom }
    }
    return report
  }

  private static let candidatesMax = 20_000

  private func evict(
    _ count: Int, of namespace: String?, _ policy: EvictionPolicy, _ report: inout EvictionReport,
    _ planned: inout Set<String>
  ) async throws {
    if report.isDryRun {
      let ids = try await store.evictionCandidates(
        policy, namespace: namespace, now: configuration.now(), limit: count + planned.count)
      let chosen = Array(ids.filter { !planned.contains($0) }.prefix(count))
      planned.formUnion(chosen)
      report.add(chosen)
      return
    }
    var left = count
    while left > 0 {
      // To find them all episodes are looked at: many are found at once.
      let found = try await store.evictionCandidates(
        policy, namespace: namespace, now: configuration.now(),
        limit: min(left, Self.candidatesMax))
      if found.isEmpty { return }
      for batch in found.batches(of: DurableStore.upkeepBatchMax) {
        try await store.evictEpisodes(ids: batch)
        report.add(batch)
      }
      left -= found.count
    }
  }
}

// Reads do not write: when episodes were last used is noted in the store many at a time, and only where a
// limit makes it matter.
extension Memory {
  /// Notes that episodes were read.
  func noteAccesses(_ ids: some Sequence<String>) {
    let isDue = capacityState.withLock { state in
      guard state.limits?.isLimited == true else { return false }
      let now = configuration.now()
      for id in ids { state.accesses[id] = now }
      return state.accesses.count >= CapacityState.accessesMax
    }
    if isDue { tasks.start(priority: .utility) { await self.flushAccesses() } }
  }

  /// Writes down which episodes were read, for the order in which limits evict. A memory does so by itself now
  /// and then; a program that ends does so before it closes the memory, or loses the last of them.
  public func flushAccesses() async {
    let accesses = capacityState.withLock { state in
      defer { state.accesses = [:] }
      return state.accesses
    }
    if accesses.isEmpty { return }
    do {
      try await store.recordAccesses(accesses)
    } catch {
      logger.debug("when episodes were last read could not be noted: \(error)")
    }
  }
}
