/// Learns from one completed episode after the other.
///
/// An episode counts once for each pattern that it shows, however often it shows it.
public enum PatternLearning {
  /// The most sequences that one run of tools gives because it shares them with known ones.
  private static let commonRunsMax = 3
  /// The known sequences, those seen most, with which a run is compared for what they share: where
  /// thousands of them share a pair of tools, the rare ones teach nothing.
  private static let comparedMax = 64

  /// Merges what `episode` shows with what is known.
  ///
  /// - Parameters:
  ///   - known: holds all patterns of the episode's namespace that share a key (``PatternKeys``) with one
  ///     of its observations.
  ///   - makeID: makes the ids of new patterns.
  /// - Complexity: one comparison a candidate.
  public static func learn(
    from episode: Episode, known: inout KnownPatterns, makeID: () -> String
  ) -> EpisodeLesson {
    var lesson = EpisodeLesson()
    for observation in PatternExtraction.observations(of: episode) {
      let candidates = known.candidates(for: observation)
      if let match = known.match(for: observation, among: candidates) {
        if lesson.patternIDs.contains(match.id) { continue }
        add(observation, to: match, in: &known)
        lesson.patternIDs.append(match.id)
      } else if observation.startsPattern {
        let pattern = observation.pattern(id: makeID())
        known.insert(pattern)
        lesson.patternIDs.append(pattern.id)
        lesson.newPatternCount += 1
      }
      if case .toolSequence(let tools, let latency) = observation.kind {
        learnCommonRuns(
          of: tools, latency: latency, observation,
          candidates: candidates.filter { !lesson.patternIDs.contains($0.id) }, &known, &lesson,
          makeID: makeID)
      }
    }
    return lesson
  }

  /// Counts an episode for a pattern once: one that was evicted and is back is there already.
  private static func add(
    _ observation: PatternObservation, to pattern: Pattern, in known: inout KnownPatterns
  ) {
    if pattern.evidence.contains(observation.episodeID) { return }
    known.update(PatternMerge.merge(observation, into: pattern))
  }

  /// Sequences over episodes: a known sequence that a run of tools holds is seen once more, and the longest
  /// run that it shares with another is a pattern of its own, seen in all episodes of both.
  private static func learnCommonRuns(
    of tools: [String], latency: Double, _ observation: PatternObservation, candidates: [Pattern],
    _ known: inout KnownPatterns, _ lesson: inout EpisodeLesson, makeID: () -> String
  ) {
    var common: [(run: [String], of: Pattern)] = []
    let ordered = candidates.sorted { ($1.occurrenceCount, $0.id) < ($0.occurrenceCount, $1.id) }
    var comparedCount = 0
    for candidate in ordered {
      guard case .toolSequence(let others, _) = candidate.kind else { continue }
      func part(_ run: [String]) -> PatternObservation {
        var part = observation
        part.kind = .toolSequence(tools: run, averageLatency: latency)
        return part
      }
      // The same tools in a context too far away are another experience.
      guard known.match(for: part(others), among: [candidate]) != nil else { continue }
      if CommonTools.contains(tools, others) {
        add(part(others), to: candidate, in: &known)
        lesson.patternIDs.append(candidate.id)
        continue
      }
      guard comparedCount < comparedMax else { continue }
      comparedCount += 1
      let run = Array(CommonTools.longestCommonRun(tools, others))
      guard run.count >= CommonTools.countMin, run.count < tools.count else { continue }
      common.append((run, candidate))
    }
    common.sort { ($0.run.count, $1.of.id) > ($1.run.count, $0.of.id) }
    var taken: [[String]] = []
    for (run, other) in common where taken.count < commonRunsMax {
      if taken.contains(where: { CommonTools.contains($0, run) }) { continue }
      var part = observation
      part.kind = .toolSequence(tools: run, averageLatency: latency)
      guard known.match(for: part, among: known.candidates(for: part)) == nil else { continue }
      taken.append(run)
      var earlier = other
      earlier.id = makeID()
      if case .toolSequence(_, let latency) = other.kind {
        earlier.kind = .toolSequence(tools: run, averageLatency: latency)
      }
      earlier.effectiveness = PatternEffectiveness()
      // The run is as old as the sequence in which it was first.
      known.insert(PatternMerge.merge(part, into: earlier))
      lesson.patternIDs.append(earlier.id)
      lesson.earlierEvidence[earlier.id] = other.evidence
    }
  }
}
