internal import ArgumentParser
internal import Engram
internal import Sync

struct ValidateOutput: Encodable {
  /// What was found; absent when the cache's file could not be read at all.
  var validation: CacheValidation?
  /// What opening the memory had mended before.
  var mendedAtOpening: [String] = []
  /// Why it could not be read.
  var brokenCache: String?
  /// What the repair did.
  var repair: SyncReport?
  /// What was found after the repair.
  var repaired: CacheValidation?

  /// - Parameter columns: the width of the terminal; nil where there is none.
  func text(columns: Int?) -> String {
    var lines: [String] = []
    lines += mendedAtOpening.map { "mended at opening: \($0)" }
    if let brokenCache { lines.append("problem: \(brokenCache)") }
    if let validation { lines.append(contentsOf: Self.lines(validation)) }
    if let repair, let repaired {
      lines.append("repaired: \(repair.text)")
      lines += Self.lines(repaired)
    }
    return lines.map { UpkeepText.fitted($0, indent: 18, columns: columns) }
      .joined(separator: "\n")
  }

  private static func lines(_ validation: CacheValidation) -> [String] {
    var lines = validation.checks.map { check in
      "\(check.isPassed ? "ok     " : "failed ") "
        + check.name.padding(to: 11) + check.found
    }
    lines += validation.problems.map { "problem: \($0)" }
    if validation.isSound { lines.append("the cache agrees with the durable store") }
    return lines
  }
}
