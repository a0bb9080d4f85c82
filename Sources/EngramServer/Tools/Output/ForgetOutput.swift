internal import DurableStore
internal import Engram

/// What was forgotten, or would be.
struct ForgetOutput: Encodable {
  var episodes = 0
  var isDryRun: Bool
  var isErased = false
  var problem: String?

  /// How many are forgotten between two looks at whether the call was cancelled.
  private static let batchSize = 50

  /// Forgets episodes in batches, and tells how far it is. What a cancelled call has forgotten stays forgotten.
  ///
  /// - Throws: `EngramError` with code `notFound` before anything is forgotten; `CancellationError`.
  static func forget(
    _ ids: [String], dryRun: Bool, _ call: ToolCall
  ) async throws -> ForgetOutput {
    let memory = try await call.memory()
    var output = ForgetOutput(isDryRun: dryRun)
    if dryRun {
      output.episodes = try await memory.forget(ids: ids, isDryRun: true).removed.episodes
      return output
    }
    let count = Set(ids).count
    do {
      output.episodes = try await memory.forget(ids: ids, erasing: false, batchSize: batchSize) {
        await call.progress.report("forgetting", done: $0, total: count)
        try Task.checkCancellation()
      }.removed.episodes
    } catch {
      try Task.checkCancellation()
      throw error
    }
    // Also where none was left: a call that was cancelled has forgotten them, and not erased.
    try Task.checkCancellation()
    await call.progress.report("rewriting the store's file")
    output.problem = await memory.eraseForgotten()
    output.isErased = output.problem == nil
    return output
  }
}
