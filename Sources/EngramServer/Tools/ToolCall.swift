internal import Engram
internal import Episodes

/// What a tool has to do with beside its arguments.
struct ToolCall: Sendable {
  let gate: MemoryGate
  let progress: ProgressReporter

  /// The memory, once it is open.
  func memory() async throws -> Memory {
    if !gate.isOpen { await progress.report("opening the memory") }
    return try await gate.memory()
  }

  /// The memory, once the model is loaded as well: what writes or compares meanings needs it.
  func memoryWithModel() async throws -> Memory {
    let memory = try await memory()
    if gate.model != .ready {
      await progress.report("loading the embedding model")
      try await gate.waitForModel()
    }
    try Task.checkCancellation()
    await progress.report("working")
    return memory
  }
}
