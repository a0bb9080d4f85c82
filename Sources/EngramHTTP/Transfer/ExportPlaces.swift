internal import Synchronization

/// How many exports may be at work at once: each holds a connection of the store for as long as its client reads.
final class ExportPlaces: Sendable {
  let count: Int
  private let free: Mutex<Int>

  init(count: Int) {
    self.count = count
    free = Mutex(count)
  }

  /// A place until the last reference to it goes; nil where none is free.
  func take() -> Place? {
    let isTaken = free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    return isTaken ? Place(self) : nil
  }

  final class Place: Sendable {
    private let places: ExportPlaces

    fileprivate init(_ places: ExportPlaces) { self.places = places }

    deinit { places.free.withLock { $0 += 1 } }
  }
}
