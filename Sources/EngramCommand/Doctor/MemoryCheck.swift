internal import DurableStore
internal import Engram
internal import Episodes
internal import Sync

/// The memory itself: store, cache, index, learning, limits.
enum MemoryCheck {
  /// More are scanned exactly, and searches take noticeably longer.
  private static let tailMax = 20_000
  /// Commands learn from fewer by themselves.
  private static let pendingMax = 1000

  static func findings(_ configuration: MemoryConfiguration) async -> [DoctorFinding] {
    var configuration = configuration
    configuration.learning.isAutomatic = false
    // Nothing is mended in the background before it has been looked at.
    configuration.sealing.isAutomatic = false
    configuration.cache.sweepIntervalSeconds = nil
    do {
      return try await Memory.using(configuration) { memory in
        var findings = await store(memory)
        // Without its store the rest has nothing to be compared with.
        if findings.contains(where: { $0.status == .problem }) { return findings }
        findings += await attempt("cache") { try await cache(memory) }
        findings += await attempt("index") { try await index(memory) }
        findings += await attempt("learning") { try await learning(memory) }
        findings += await attempt("limits") { try await limits(memory) }
        return findings
      }
    } catch {
      return [failure("memory", error)]
    }
  }

  private static func attempt(
    _ check: String, _ body: () async throws -> [DoctorFinding]
  ) async -> [DoctorFinding] {
    do {
      return try await body()
    } catch {
      return [failure(check, error)]
    }
  }

  private static func failure(_ check: String, _ error: any Error) -> DoctorFinding {
    let mend =
      switch (error as? EngramError)?.code {
      case .unusableHome: "see what it says of the folder"
      case .cacheFailed: "'engram sync validate --repair' makes the cache anew"
      case .storeFailed, .storeAway: "'engram store restore BACKUP' brings a backup back"
      case .indexDamaged: "'engram index rebuild'"
      default: "see the message"
      }
    return .problem(check, "\(error)", mend: mend)
  }

  private static func store(_ memory: Memory) async -> [DoctorFinding] {
    let health = await memory.storeHealth()
    guard health.isReachable else {
      return [
        .problem(
          "store", "does not answer: \(health.problem ?? "unknown")",
          mend: "put engram.db back, or 'engram store restore BACKUP'")
      ]
    }
    let about =
      "\(Units.bytes(health.fileBytes ?? 0)), schema \(health.schemaVersion), SQLite "
      + health.sqliteVersion
    return await attempt("store") {
      let problems = try await memory.checkStore()
      if let first = problems.first {
        return [
          .problem(
            "store", "\(UpkeepText.count(problems.count, "fault")), the first: \(first)",
            mend: "'engram store backup' what can be read, then 'engram store restore BACKUP'")
        ]
      }
      let pages = max(1, health.pageCount)
      if health.freePageCount > 1000, health.freePageCount * 2 > pages {
        return [
          .warning(
            "store", "\(about); \(health.freePageCount) of \(pages) pages are free",
            mend: "'engram store vacuum' gives them back")
        ]
      }
      return [.ok("store", about)]
    }
  }

  private static func cache(_ memory: Memory) async throws -> [DoctorFinding] {
    let health = try await memory.checkCache()
    let validation = try await memory.validateCache()
    if let problem = health.problems.first ?? validation.problems.first {
      return [.problem("cache", problem, mend: "'engram sync validate --repair'")]
    }
    if let repair = memory.openingRepairs.first {
      return [
        .warning(
          "cache", "was damaged, and is sound again: \(repair)",
          mend: "nothing; if it comes back, look at the disk and the memory of the machine")
      ]
    }
    let report = try memory.cacheStatistics()
    return [
      .ok(
        "cache",
        "\(UpkeepText.count(report.episodes, "episode")), agrees with the store, every checksum matches"
      )
    ]
  }

  private static func index(_ memory: Memory) async throws -> [DoctorFinding] {
    do throws(EngramError) {
      return [finding(of: try await memory.indexStatus())]
    } catch {
      guard error.code == .modelMissing else { throw error }
      return [.warning("index", "not looked at without the model", mend: "see 'model'")]
    }
  }

  private static func finding(of status: IndexStatus) -> DoctorFinding {
    let about =
      "\(UpkeepText.count(status.segments.count, "segment")), \(status.tailCount) of "
      + "\(status.embeddingCount) embeddings not yet indexed"
    if status.tailCount > tailMax {
      return .warning("index", about, mend: "'engram index build'")
    }
    return .ok("index", about)
  }

  private static func learning(_ memory: Memory) async throws -> [DoctorFinding] {
    let count = try await memory.pendingEpisodeCount()
    let about = "\(UpkeepText.count(count, "episode")) not learned from yet"
    if count > pendingMax { return [.warning("learning", about, mend: "'engram pattern learn'")] }
    return [.ok("learning", count == 0 ? "nothing waits" : about)]
  }

  private static func limits(_ memory: Memory) async throws -> [DoctorFinding] {
    let report = try await memory.capacity()
    guard report.limits.isLimited else { return [.ok("limits", "none")] }
    let over = try await memory.evictions(under: report.limits).evicted
    if over > 0 {
      return [
        .warning(
          "limits",
          "\(UpkeepText.count(over, "episode")) over them: the next write deletes as many",
          mend: "'engram capacity set' higher ones, or none")
      ]
    }
    return [.ok("limits", "\(report.episodes) of \(report.limits.episodesMax ?? report.episodes)")]
  }
}
