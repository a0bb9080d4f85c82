import Episodes
import Testing

@testable import DurableStore

@Suite("Analytics and streams")
struct AnalyticsTests {
  @Test("Counts, rates and rewards are those of the episodes")
  func againstEpisodes() async throws {
    let seed: UInt64 = 99
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let episodes = (0..<300).map { index in
      var episode = Samples.episode("e\(index)", steps: index % 4)
      episode.context.domain = random.pick(["web", "db", "ci"])
      episode.context.language = random.pick([nil, "swift", "go"])
      episode.startTime = Timestamp(
        nanosecondsSince1970: Int64.random(in: -40...40, using: &random) * 21_600_000_000_000 + 5)
      episode.endTime = Timestamp(
        nanosecondsSince1970: episode.startTime.nanosecondsSince1970 + 4_000_000_000)
      episode.outcome = random.pick([
        nil, .success(verdict: "done", artifacts: []), .failure(reason: "no", details: nil),
        .partialSuccess(verdict: "half", completed: [], failed: []),
        .abstained(reason: "risky", stoppedAtStep: 1, signals: []),
      ])
      if episode.outcome?.kind == .success {
        episode.reward = RewardScore(
          total: Double(index), base: 1, efficiency: 1, complexityBonus: 1, qualityMultiplier: 1,
          learningBonus: 0)
      }
      return episode
    }
    try await withStore { store, _ in
      try await store.insert(episodes.map { NewEpisode($0) })
      for interval in EpisodeAnalytics.Interval.allCases {
        let found = try await store.analytics(interval: interval, groupsMax: 1000)
        #expect(found.totals == Self.totals(episodes))
        #expect(found.totals.averageSeconds == 4)
        for group in found.domains {
          #expect(group.totals == Self.totals(episodes.filter { $0.context.domain == group.name }))
        }
        for group in found.languages {
          #expect(
            group.totals == Self.totals(episodes.filter { $0.context.language == group.name }))
        }
        #expect(found.domains.map(\.totals.episodes).reduce(0, +) == 300)
        #expect(found.languages.count == 3)
        #expect(found.taskTypes.map(\.name) == ["other"])
        let length: Int64 =
          switch interval {
          case .hour: 3_600_000_000_000
          case .day: 86_400_000_000_000
          case .week: 604_800_000_000_000
          }
        #expect(found.periods.map(\.totals.episodes).reduce(0, +) == 300)
        #expect(found.periods.map(\.start) == found.periods.map(\.start).sorted())
        for period in found.periods {
          let start = period.start.nanosecondsSince1970
          let inside = episodes.filter {
            (start..<start + length).contains($0.startTime.nanosecondsSince1970)
          }
          #expect(period.totals == Self.totals(inside))
          if interval == .week {
            // 1969-12-29 was a Monday.
            #expect((start + 259_200_000_000_000) % length == 0)
          } else {
            #expect(start % length == 0)
          }
        }
      }
      let web = try await store.analytics(matching: EpisodeFilter(domain: "web"))
      #expect(web.totals == Self.totals(episodes.filter { $0.context.domain == "web" }))
      let none = try await store.analytics(matching: EpisodeFilter(domain: "none"))
      #expect(none.totals == EpisodeAnalytics.Totals())
      #expect(none.periods.isEmpty)
    }
  }

  private static func totals(_ episodes: [Episode]) -> EpisodeAnalytics.Totals {
    var totals = EpisodeAnalytics.Totals()
    totals.episodes = episodes.count
    totals.finished = episodes.count { $0.outcome != nil }
    totals.successes = episodes.count { $0.outcome?.kind == .success }
    totals.partialSuccesses = episodes.count { $0.outcome?.kind == .partialSuccess }
    totals.failures = episodes.count { $0.outcome?.kind == .failure }
    totals.abstentions = episodes.count { $0.outcome?.kind == .abstained }
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    totals.averageReward = mean(episodes.compactMap(\.reward?.total))
    totals.averageSeconds = mean(
      episodes.compactMap { episode in episode.endTime.map { $0.seconds(since: episode.startTime) }
      })
    totals.averageSteps = mean(episodes.map { Double($0.steps.count) })
    if totals.finished > 0 {
      totals.successRate = Double(totals.successes) / Double(totals.finished)
    }
    return totals
  }

  @Test("A stream gives every episode once, newest first, whatever is written meanwhile")
  func stream() async throws {
    try await withStore { store, _ in
      let episodes = (0..<200).map { index in
        var episode = Samples.episode("e\(index)", steps: 1)
        // Several share a start.
        episode.startTime = Timestamp(nanosecondsSince1970: Int64(index / 3) * 1_000)
        return episode
      }
      try await store.insert(episodes.map { NewEpisode($0) })
      var found: [Episode] = []
      for try await episode in store.allEpisodes(pageSize: 7) {
        found.append(episode)
        if found.count % 20 == 0 {
          var late = Samples.episode("late\(found.count)", steps: 0)
          late.startTime = Timestamp(nanosecondsSince1970: 1_000_000)
          try await store.insert([NewEpisode(late)])
        }
      }
      #expect(found.map(\.id) == episodes.reversed().map(\.id))
      #expect(found.allSatisfy { $0.steps.count == 1 })
    }
  }
}
