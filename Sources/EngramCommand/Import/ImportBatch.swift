internal import Engram
internal import Episodes

/// Gathers episodes and stores them a batch at a time.
struct ImportBatch {
  let memory: Memory
  let policy: ImportPolicy
  private(set) var summary = ImportSummary()
  private var episodes: [Episode] = []

  static let countMaxDefault = 64
  private let countMax: Int
  /// Whether the id of each episode is printed once it is stored.
  private let isAcknowledging: Bool
  /// Whether the same content is stored under each id.
  private let keepsCopies: Bool

  init(
    memory: Memory, policy: ImportPolicy, countMax: Int = countMaxDefault,
    isAcknowledging: Bool = false, keepsCopies: Bool = false
  ) {
    self.memory = memory
    self.policy = policy
    self.countMax = countMax
    self.isAcknowledging = isAcknowledging
    self.keepsCopies = keepsCopies
  }

  mutating func add(_ episode: Episode) async throws {
    episodes.append(episode)
    if episodes.count == countMax { try await flush() }
  }

  mutating func flush() async throws {
    guard !episodes.isEmpty else { return }
    summary += try await memory.importEpisodes(
      episodes, policy: policy, keepingCopies: keepsCopies)
    if isAcknowledging {
      for episode in episodes { try StandardOutput.printLine(TerminalText.printable(episode.id)) }
      try StandardOutput.flush()
    }
    episodes.removeAll(keepingCapacity: true)
  }
}
