internal import Synchronization

/// The room that the bodies of all requests at work have together. Each is bounded by itself; of many the sum would
/// not be.
final class BodyRoom: Sendable {
  let bytesMax: Int
  private let taken = Mutex(0)

  init(bytesMax: Int) { self.bytesMax = bytesMax }

  /// Bytes that are taken now.
  var takenBytes: Int { taken.withLock { $0 } }

  /// For one request; it gives back what it has when the last reference to it goes.
  func share() -> Share { Share(self) }

  final class Share: Sendable {
    private let room: BodyRoom
    private let held = Mutex(0)

    fileprivate init(_ room: BodyRoom) { self.room = room }

    /// Takes room for so many bytes more: as they come, so that what is only announced takes none from others.
    ///
    /// - Throws: ``Problem`` with status 503 where there is none.
    func grow(by count: Int) throws(Problem) { try hold(held.withLock { $0 } + count) }

    /// Takes or gives back room until it has so many bytes. For one task at a time.
    ///
    /// - Throws: ``Problem`` with status 503 where there is none; it keeps what it had then.
    func hold(_ count: Int) throws(Problem) {
      let had = held.withLock { $0 }
      let fits = room.taken.withLock { taken in
        guard count <= had || taken + count - had <= room.bytesMax else { return false }
        taken += count - had
        return true
      }
      guard fits else { throw .busy("the bodies of other requests take the room that there is") }
      held.withLock { $0 = count }
    }

    deinit {
      let had = held.withLock { $0 }
      room.taken.withLock { $0 -= had }
    }
  }
}
