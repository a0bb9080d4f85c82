extension PatternExtraction {
  /// The least share of steps that succeed in a successful stretch.
  static let stretchSuccessMin = 0.7
  /// The most tools of one sequence; a longer stretch gives several.
  static let toolsMax = 50

  static func toolSequences(of episode: Episode, success: Double) -> [PatternObservation] {
    successfulStretches(of: episode.steps).flatMap { stretch in
      runs(of: episode.steps[stretch]).map { run in
        let latency = run.reduce(0) { $0 + $1.latency } / Double(run.count)
        return observation(
          of: episode, .toolSequence(tools: tools(of: run), averageLatency: latency),
          success: success)
      }
    }
  }

  /// The longest stretches, from a success to a success, in which enough steps succeed; the earlier of
  /// two of one length.
  ///
  /// - Complexity: quadratic in the number of steps for each stretch found.
  static func successfulStretches(of steps: [ExecutionStep]) -> [Range<Int>] {
    var successesBefore = [0]
    for step in steps { successesBefore.append(successesBefore.last! + (step.succeeded ? 1 : 0)) }
    var found: [Range<Int>] = []
    var open = [steps.indices]
    while let range = open.popLast() {
      guard
        let longest = longestStretch(in: range, of: steps, successesBefore: successesBefore)
      else { continue }
      found.append(longest)
      open.append(longest.upperBound..<range.upperBound)
      open.append(range.lowerBound..<longest.lowerBound)
    }
    return found.sorted { $0.lowerBound < $1.lowerBound }
  }

  private static func longestStretch(
    in range: Range<Int>, of steps: [ExecutionStep], successesBefore: [Int]
  ) -> Range<Int>? {
    var longest: Range<Int>?
    for start in range where steps[start].succeeded {
      let lengthMin = max(2, (longest?.count ?? 0) + 1)
      var end = range.upperBound
      while end - start >= lengthMin {
        let successes = successesBefore[end] - successesBefore[start]
        // In whole numbers: 7 of 10 is enough.
        if steps[end - 1].succeeded, successes * 10 >= (end - start) * 7 {
          longest = start..<end
          break
        }
        end -= 1
      }
    }
    return longest
  }

  /// The successful steps with a tool, cut where a run would have more tools than one sequence takes.
  private static func runs(of stretch: ArraySlice<ExecutionStep>) -> [[ExecutionStep]] {
    var runs: [[ExecutionStep]] = [[]]
    var toolCount = 0
    for step in stretch where step.succeeded && !step.tool.isEmpty {
      if runs[runs.count - 1].last?.tool != step.tool {
        toolCount += 1
        if toolCount > toolsMax {
          runs.append([])
          toolCount = 1
        }
      }
      runs[runs.count - 1].append(step)
    }
    return runs.filter { tools(of: $0).count >= 2 }
  }

  /// The tools of steps in their order; one used several times in a row counts once.
  static func tools(of steps: some Sequence<ExecutionStep>) -> [String] {
    var tools: [String] = []
    for step in steps where !step.tool.isEmpty && tools.last != step.tool {
      tools.append(step.tool)
    }
    return tools
  }
}
