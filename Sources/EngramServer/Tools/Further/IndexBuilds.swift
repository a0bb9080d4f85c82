internal import Engram
internal import Episodes
internal import Synchronization

/// The builds of the index that clients have asked for: one at a time, and the latest of those that ended.
///
/// A build goes on when the request that began it has been answered.
package final class IndexBuilds: Sendable {
  private struct State {
    var builds: [IndexBuild] = []
    var running: (id: String, task: Task<Void, Never>)?
    var isStopped = false
  }

  private static let keptMax = 16
  private let state = Mutex(State())

  package init() {}

  /// Begins a build.
  ///
  /// - Throws: `EngramError` with code `conflict` while another runs.
  func start(_ memory: Memory) throws(EngramError) -> IndexBuild {
    let build = IndexBuild(id: Identifier.make(at: .now), startedAt: .now)
    let other: String? = state.withLock { state in
      if state.isStopped { return "the server ends" }
      if let running = state.running { return "the build '\(running.id)' runs" }
      state.builds.append(build)
      if state.builds.count > Self.keptMax { state.builds.removeFirst() }
      let task = Task { await self.run(build.id, memory) }
      state.running = (build.id, task)
      return nil
    }
    if let other {
      throw EngramError(code: .conflict, message: "\(other); expected none to run")
    }
    return build
  }

  private func run(_ id: String, _ memory: Memory) async {
    let result: Result<IndexBuildReport, any Error>
    do {
      result = .success(
        try await memory.buildIndex { progress in
          self.change(id) { $0.note(progress) }
          return true
        })
    } catch {
      result = .failure(error)
    }
    let wasCancelled = Task.isCancelled
    change(id) { build in
      build.endedAt = .now
      switch result {
      case .success(let report):
        build.state = .done
        build.report = report
      case .failure(let error):
        build.state = wasCancelled ? .cancelled : .failed
        build.problem = wasCancelled ? nil : "\(error)"
      }
    }
  }

  /// Changes what is told of a build; one that has ended no longer runs.
  private func change(_ id: String, _ body: (inout IndexBuild) -> Void) {
    state.withLock { state in
      guard let index = state.builds.firstIndex(where: { $0.id == id }) else { return }
      body(&state.builds[index])
      if state.builds[index].endedAt != nil, state.running?.id == id { state.running = nil }
    }
  }

  /// Latest first.
  var all: [IndexBuild] { state.withLock { $0.builds.reversed() } }

  /// - Throws: `EngramError` with code `notFound`.
  func build(_ id: String) throws(EngramError) -> IndexBuild {
    guard let build = all.first(where: { $0.id == id }) else {
      throw EngramError(code: .notFound, message: "buildID: there is no build '\(id)'")
    }
    return build
  }

  /// Gives up a build that runs, and waits until it has ended. The old index stays then.
  func cancel(_ id: String) async throws(EngramError) -> IndexBuild {
    _ = try build(id)
    let task = state.withLock { $0.running?.id == id ? $0.running?.task : nil }
    task?.cancel()
    await task?.value
    return try build(id)
  }

  /// Gives up what runs, waits for it, and begins no more: before the memory is closed.
  package func stop() async {
    let task = state.withLock { state in
      state.isStopped = true
      return state.running?.task
    }
    task?.cancel()
    await task?.value
  }
}
