import Foundation

/// What the tests write, and how much of it.
enum Workload {
  /// Whether all of it is done, as `make test-slow` does, or a few rounds.
  static let isSlow = ProcessInfo.processInfo.environment["ENGRAM_SLOW_TESTS"] != nil

  /// What random moments follow from: another each time, unless `ENGRAM_RELIABILITY_SEED` says one.
  static let seed: UInt64 =
    ProcessInfo.processInfo.environment["ENGRAM_RELIABILITY_SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 0...UInt64(UInt32.max))

  /// Few texts: a text is embedded once, and the tests are not about that.
  static let words = [
    "login test fails", "refund an invoice", "deploy the parser", "slow search index",
  ]

  /// Episodes as lines of JSON.
  static func lines(_ ids: [String]) -> String {
    ids.enumerated().map { index, id in
      """
      {"id": "\(id)", "taskDescription": "\(words[index % words.count])", \
      "startTime": "2026-03-02T09:14:05Z", "metadata": {"id": "\(id)"}, \
      "steps": [{"tool": "shell", "action": "look", "latency": 1}]}

      """
    }.joined()
  }
}
