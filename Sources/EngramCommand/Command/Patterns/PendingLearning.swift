internal import Engram

/// Learning on the way: what is pending is learned from by the command that needs it, if that is soon done.
enum PendingLearning {
  /// As many episodes are learned from in about a second.
  private static let episodesMax = 1000

  /// Learns from what is pending, unless that is much: then a line on standard error says so.
  static func catchUp(_ memory: Memory, isQuiet: Bool = false) async throws {
    let count = try await memory.pendingEpisodeCount()
    if count == 0 { return }
    guard count <= episodesMax else {
      if !isQuiet {
        Terminal.writeLine(
          "engram: \(Units.grouped(count)) episodes have not been learned from; "
            + "'engram pattern learn' does")
      }
      return
    }
    try await memory.learnPending()
  }
}
