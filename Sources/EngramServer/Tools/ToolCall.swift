package import Engram
internal import Episodes

/// What a tool has to do with beside its arguments.
package struct ToolCall: Sendable {
  package let gate: MemoryGate
  /// Bounds how many work at once.
  let limiter: Limiter
  /// The only namespace that is read and written; nil for all.
  let namespace: String?
  /// Where backups may be made; nil for nowhere.
  let backupFolder: String?
  let builds: IndexBuilds
  let progress: ProgressReporter

  /// The memory, once it is open.
  package func memory() async throws -> Memory { try await gate.memory() }

  /// Waits for the memory, and for the model as well: what writes or compares meanings needs it.
  func prepare(withModel: Bool) async throws {
    if !gate.isOpen { await progress.report("opening the memory") }
    _ = try await gate.memory()
    if withModel, gate.model != .ready {
      await progress.report("loading the embedding model")
      try await gate.waitForModel()
    }
    try Task.checkCancellation()
    if withModel { await progress.report("working") }
  }
}
