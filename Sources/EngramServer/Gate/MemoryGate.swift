public import Engram
internal import Synchronization

/// A memory that is opened behind the back of those who need it: a server answers before it is open.
///
/// ```swift
/// let gate = MemoryGate(MemoryConfiguration())
/// gate.warmUp()
/// let memory = try await gate.memory()
/// ```
public final class MemoryGate: Sendable {
  private enum State {
    case waiting
    case opening(Task<Memory, any Error>)
    case open(Memory)
    case closed
  }

  private let configuration: MemoryConfiguration
  private let loader: ModelLoader
  private let state = Mutex(State.waiting)

  /// - Parameter configuration: its embedder is made once, in the background. What wants it before it is there is
  ///   refused, with code `modelMissing`, and never waits.
  public init(_ configuration: MemoryConfiguration) {
    let loader = ModelLoader(configuration.embedder)
    var configuration = configuration
    configuration.embedder = { try loader.embedder() }
    self.loader = loader
    self.configuration = configuration
  }

  /// How far the embedding model is.
  public var model: ModelState { loader.state }

  /// Whether the memory is open.
  package var isOpen: Bool {
    state.withLock { state in
      if case .open = state { true } else { false }
    }
  }

  /// Begins to open the memory and to load the model.
  public func warmUp() {
    _ = opening()
    loader.start()
  }

  /// The memory. An opening that failed is tried again by the next who asks.
  ///
  /// - Throws: ``EngramError`` when it cannot be opened; `CancellationError`.
  public func memory() async throws -> Memory {
    guard let task = opening() else {
      throw EngramError(code: .unusableHome, message: "the memory has been closed")
    }
    do {
      return try await task.abandonableValue()
    } catch let error as EngramError {
      state.withLock { state in
        if case .opening(let current) = state, current == task { state = .waiting }
      }
      throw error
    }
  }

  /// Waits until the model is loaded, or cannot be.
  ///
  /// - Throws: `CancellationError`. A model that cannot be used is no error here: what needs it says so.
  public func waitForModel() async throws {
    do {
      try await loader.start().abandonableValue()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return
    }
  }

  /// Closes the memory. Nothing opens it again; one that is being opened is closed when it is open.
  public func close() async {
    let memory = state.withLock { state -> Memory? in
      let memory: Memory? = if case .open(let memory) = state { memory } else { nil }
      state = .closed
      return memory
    }
    guard let memory else { return }
    await memory.flushAccesses()
    await memory.close()
  }

  private func opening() -> Task<Memory, any Error>? {
    state.withLock { state in
      switch state {
      case .closed: return nil
      case .open(let memory): return Task { memory }
      case .opening(let task): return task
      case .waiting:
        let task = Task<Memory, any Error> { [configuration] in
          let memory = try await Memory.open(configuration)
          guard self.hasOpened(memory) else {
            await memory.close()
            throw EngramError(code: .cancelled, message: "the memory has been closed")
          }
          return memory
        }
        state = .opening(task)
        return task
      }
    }
  }

  /// - Returns: false where nobody wants it any more.
  private func hasOpened(_ memory: Memory) -> Bool {
    state.withLock { state in
      if case .closed = state { return false }
      state = .open(memory)
      return true
    }
  }
}
