internal import Episodes

/// Episodes and questions of words as frequent as in a language (Zipf), the same for a seed on every machine.
struct SearchWorkload: Sendable {
  var seed: UInt64
  var wordsAnEpisode: Int

  private static let vocabularyCount = 50_000
  private static let syllables = [
    "ba", "co", "di", "fu", "ga", "ke", "lo", "mi", "nu", "pa", "re", "si", "to", "va", "wo", "zu",
  ]
  /// 2026-01-01T00:00:00Z.
  private static let start: Int64 = 1_767_225_600_000_000_000

  /// A word that no stemmer shortens.
  static func word(_ number: Int) -> String {
    var rest = number
    var word = ""
    repeat {
      word += syllables[rest % syllables.count]
      rest /= syllables.count
    } while rest > 0
    return word + "k"
  }

  /// The number of a word: each about as often as its rank says, 1/rank.
  private static func draw(_ random: inout RandomStream) -> Int {
    var rank = 1.0
    let exponent = random.nextUniform()
    // The inverse of the distribution of log-uniform ranks.
    for _ in 0..<16 { rank *= 1 + exponent * (0.9665) }
    return min(vocabularyCount - 1, max(0, Int(rank) - 1))
  }

  func episode(_ number: Int) -> Episode {
    var random = RandomStream(seed: seed, stream: UInt64(number))
    func text(_ count: Int) -> String {
      (0..<count).map { _ in Self.word(Self.draw(&random)) }.joined(separator: " ")
    }
    let start = Self.start + Int64(number) * 30_000_000_000
    var episode = Episode(
      id: "bench-\(number)", namespace: "space-\(number % 10)",
      sessionID: "session-\(number / 200)",
      taskDescription: text(max(1, wordsAnEpisode / 3)),
      context: TaskContext(domain: "domain-\(number % 50)"),
      startTime: Timestamp(nanosecondsSince1970: start))
    episode.steps = [
      ExecutionStep(
        number: 1, timestamp: episode.startTime, tool: Self.word(random.nextIndex(below: 40)),
        action: text(max(1, wordsAnEpisode / 3)),
        result: .success(output: text(max(1, wordsAnEpisode / 3))))
    ]
    return episode
  }

  /// Some words of an episode's description, and as many others.
  func question(_ number: Int, episodeCount: Int) -> String {
    var random = RandomStream(seed: seed &+ 1, stream: UInt64(number))
    let words = episode(random.nextIndex(below: episodeCount)).taskDescription.split(separator: " ")
    let own = (0..<4).map { _ in String(words[random.nextIndex(below: words.count)]) }
    return (own + (0..<4).map { _ in Self.word(Self.draw(&random)) }).joined(separator: " ")
  }
}
