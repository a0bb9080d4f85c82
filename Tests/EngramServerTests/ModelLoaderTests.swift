import Dispatch
import Embedders
import Synchronization
import TestSupport
import Testing

@testable import EngramServer

@Suite("The loading of the model")
struct ModelLoaderTests {
  @Test("keeps nobody waiting who asks for it before it is there")
  func neverWaits() async throws {
    let gate = DispatchSemaphore(value: 0)
    let loader = ModelLoader {
      gate.wait()
      return WordEmbedder()
    }
    #expect(loader.state == .loading)
    #expect(throws: (any Error).self) { try loader.embedder() }
    let loading = loader.start()
    #expect(throws: (any Error).self) { try loader.embedder() }
    gate.signal()
    try await loading.value
    #expect(loader.state == .ready)
    #expect(try loader.embedder().model == "words-32")
  }

  @Test("is tried again after a failure, and then it is there")
  func retries() async throws {
    let count = Mutex(0)
    let loader = ModelLoader(retryAfter: .zero) {
      let attempt = count.withLock { count in
        count += 1
        return count
      }
      if attempt == 1 { throw Missing() }
      return WordEmbedder()
    }
    await #expect(throws: Missing.self) { try await loader.start().value }
    #expect(loader.state == .failed("Missing()"))
    #expect(throws: Missing.self) { try loader.embedder() }
    try await loader.start().value
    #expect(loader.state == .ready)
    try await loader.start().value
    #expect(count.withLock { $0 } == 2)
  }

  @Test("a failure stands for a while")
  func fails() async throws {
    let count = Mutex(0)
    let loader = ModelLoader(retryAfter: .seconds(3600)) {
      count.withLock { $0 += 1 }
      throw Missing()
    }
    for _ in 0..<3 { await #expect(throws: Missing.self) { try await loader.start().value } }
    #expect(count.withLock { $0 } == 1)
  }

  private struct Missing: Error {}
}
