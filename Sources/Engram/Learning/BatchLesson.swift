internal import DurableStore
internal import Episodes

/// What a batch of episodes teaches, made without touching the store.
struct BatchLesson {
  private(set) var commit: LearningCommit
  private(set) var report = LearningReport()

  /// - Parameters:
  ///   - pending: the batch.
  ///   - known: holds all patterns that share a key with one of its observations.
  ///   - time: now.
  init(from pending: PendingEpisodes, known: inout KnownPatterns, at time: Timestamp) {
    commit = LearningCommit(revision: pending.revision, time: time)
    let before = known.patterns
    var lessons: [EpisodeLesson] = []
    for item in pending.episodes {
      let lesson = PatternLearning.learn(from: item.episode, known: &known) {
        Identifier.make(at: time)
      }
      lessons.append(lesson)
      commit.earlierEvidence.merge(lesson.earlierEvidence) { first, second in first + second }
      report.mergedOccurrences += lesson.patternIDs.count
    }
    report.episodes = pending.episodes.count
    report.newPatterns = known.newIDs.count
    report.mergedOccurrences -= known.newIDs.count
    addPatterns(known, before: before)
    let heuristicIDs = Set(commit.heuristics.map(\.id))
    for (item, lesson) in zip(pending.episodes, lessons) {
      commit.episodes.append(
        LearnedEpisode(
          rowID: item.rowID, episode: item.episode, patternIDs: lesson.patternIDs,
          heuristicIDs: Self.united(
            item.episode.heuristicIDs, lesson.patternIDs.filter(heuristicIDs.contains)),
          reward: Self.reward(of: item.episode, newPatternCount: lesson.newPatternCount)))
    }
  }

  private mutating func addPatterns(_ known: KnownPatterns, before: [String: Pattern]) {
    for id in known.changedIDs.sorted() {
      guard let pattern = known.patterns[id] else { continue }
      if known.newIDs.contains(id) {
        commit.newPatterns.append(pattern)
      } else {
        commit.mergedPatterns.append(pattern)
        if before[id]?.embeddedText != pattern.embeddedText {
          commit.rewordedPatternIDs.append(id)
        }
      }
      let had = before[id].flatMap { HeuristicRule.heuristic(from: $0) }
      if let heuristic = HeuristicRule.heuristic(from: pattern) {
        commit.heuristics.append(heuristic)
        if had == nil { commit.newHeuristicIDs.insert(id) }
      } else if had != nil {
        commit.droppedHeuristicIDs.append(id)
      }
    }
    report.heuristics = commit.heuristics.count
  }

  /// The reward with what the episode was the first to show; nil if that adds nothing, and for a reward that
  /// was not made by ``RewardFormula``, as one that was imported.
  private static func reward(of episode: Episode, newPatternCount: Int) -> RewardScore? {
    guard newPatternCount > 0, let stored = episode.reward,
      stored == RewardFormula.reward(for: episode)
    else { return nil }
    let reward = RewardFormula.reward(for: episode, newPatternCount: newPatternCount)
    return reward == stored ? nil : reward
  }

  private static func united(_ first: [String], _ second: [String]) -> [String] {
    first + second.filter { !first.contains($0) }
  }
}
