import Embedders
import Synchronization

/// The small embedder, slow or away on demand, that tells what it is asked for.
final class WatchedEmbedder: Embedder {
  struct Calls {
    var texts: [[String]] = []
    var underWay = 0
    var isAway = false
    var seconds = 0.0
  }

  struct Away: Error {}

  let model = "words-32"
  let dimension = 32
  let calls = Mutex(Calls())

  var underWay: Int { calls.withLock { $0.underWay } }

  func set(isAway: Bool) { calls.withLock { $0.isAway = isAway } }

  func set(seconds: Double) { calls.withLock { $0.seconds = seconds } }

  func embed(_ texts: [String]) async throws -> [[Float]] {
    let (isAway, seconds) = calls.withLock { calls in
      calls.texts.append(texts)
      calls.underWay += 1
      return (calls.isAway, calls.seconds)
    }
    defer { calls.withLock { $0.underWay -= 1 } }
    if isAway { throw Away() }
    if seconds > 0 {
      // A matrix product does not end when its task is cancelled.
      await Task.detached { try? await Task.sleep(for: .seconds(seconds)) }.value
    }
    return texts.map(WordEmbedder().vector(of:))
  }
}
