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
    // Names an id that is not known before any is gone.
    let preview = try await memory.forget(ids: ids, isDryRun: true)
    var output = ForgetOutput(isDryRun: dryRun)
    if dryRun {
      output.episodes = preview.removed.episodes
      return output
    }
    for start in stride(from: 0, to: ids.count, by: batchSize) {
      try Task.checkCancellation()
      let batch = Array(ids[start..<min(start + batchSize, ids.count)])
      output.episodes += try await memory.forget(ids: batch, erasing: false).removed.episodes
      await call.progress.report("forgetting", done: start + batch.count, total: ids.count)
    }
    // Also where none was left: a call that was cancelled has forgotten them, and not erased.
    try Task.checkCancellation()
    await call.progress.report("rewriting the store's file")
    output.problem = await memory.eraseForgotten()
    output.isErased = output.problem == nil
    return output
  }
}
