internal import Engram
internal import Episodes

/// Gathers episodes and stores them a batch at a time.
struct ImportBatch {
  let memory: Memory
  let policy: ImportPolicy
  private(set) var summary = ImportSummary()
  private var episodes: [Episode] = []
  private var bytes = 0

  static let countMaxDefault = 64
  /// Bytes of text after which a batch is stored: an episode may have ten million.
  private static let bytesMax = 8 << 20
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
    bytes += episode.textByteCount
    if episodes.count == countMax || bytes >= Self.bytesMax { try await flush() }
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
    bytes = 0
  }
}
