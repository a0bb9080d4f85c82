import Foundation
import Synchronization

/// The disk under the database files of a folder: it works, until it is told to fail or to lose power.
///
/// The fault model. A call fails once, or from then on: a write that stores nothing, one that stores its first half, one
/// that finds the disk full, a sync that fails, a read that fails. At a loss of power all later calls fail, and of what
/// was written since a file's last sync each write is there, or not, or its first sectors are. Names of files and what a
/// sync reported as stored are kept. What is stored does not rot (``Store/DurableStore/checkIntegrity()`` has tests of
/// its own).
final class FaultyDisk: Sendable {
  enum Fault: String, CaseIterable, Sendable {
    case failedWrite, shortWrite, fullDisk, failedSync, failedRead, powerLoss
  }

  /// A file as it would be found after a loss of power, and what is not sure to be there.
  struct FileState {
    enum Change {
      case write(offset: Int, bytes: [UInt8])
      case truncation(byteCount: Int)
    }

    var synced: [UInt8]
    var unsynced: [Change] = []
  }

  private struct State {
    var fault: Fault?
    /// Calls the fault could hit before it does.
    var remaining = 0
    var isLasting = false
    var hitCount = 0
    var files: [String: FileState] = [:]
  }

  let folder: String
  private let state = Mutex(State())

  private static let sectorByteCount = 512

  init(folder: String) {
    self.folder = folder
    FaultyFileSystem.add(self)
  }

  /// Lets the call fail that comes after `count` others of its kind.
  func arm(_ fault: Fault, after count: Int, isLasting: Bool = false) {
    state.withLock {
      $0.fault = fault
      $0.remaining = count
      $0.isLasting = isLasting || fault == .powerLoss
      $0.hitCount = 0
    }
  }

  func disarm() { state.withLock { $0.fault = nil } }

  /// How many calls the fault has hit since it was armed.
  var hitCount: Int { state.withLock(\.hitCount) }

  // MARK: - What the file system asks

  enum Call { case read, write, truncation, sync }

  /// The fault that hits a call, if one does.
  func fault(of call: Call) -> Fault? {
    state.withLock { state in
      guard let fault = state.fault, Self.hits(fault, call) else { return nil }
      guard state.remaining == 0 else {
        state.remaining -= 1
        return nil
      }
      state.hitCount += 1
      if !state.isLasting { state.fault = nil }
      return fault
    }
  }

  private static func hits(_ fault: Fault, _ call: Call) -> Bool {
    switch fault {
    case .failedWrite, .shortWrite, .fullDisk: call == .write
    case .failedSync: call == .sync
    case .failedRead: call == .read
    case .powerLoss: call != .read
    }
  }

  func opened(_ path: String) {
    state.withLock { state in
      guard state.files[path] == nil else { return }
      let bytes = (try? Data(contentsOf: URL(filePath: path))).map { [UInt8]($0) } ?? []
      state.files[path] = FileState(synced: bytes)
    }
  }

  func changed(_ path: String, by change: FileState.Change) {
    state.withLock { $0.files[path]?.unsynced.append(change) }
  }

  func synced(_ path: String) {
    state.withLock { state in
      guard var file = state.files[path] else { return }
      for change in file.unsynced { Self.apply(change, to: &file.synced) }
      file.unsynced = []
      state.files[path] = file
    }
  }

  // MARK: - After a loss of power

  /// Writes the files as they may be found when the power is back, to another folder.
  func writeRemains(to folder: String, using generator: inout SeededGenerator) throws {
    let files = state.withLock(\.files)
    for path in files.keys.sorted() {
      guard let file = files[path] else { continue }
      // A file that was removed, or never there, is not found again.
      guard FileManager.default.fileExists(atPath: path) else { continue }
      var bytes = file.synced
      for change in file.unsynced {
        switch (change, Int.random(in: 0..<3, using: &generator)) {
        case (_, 0): continue
        case (.write(let offset, let written), 1):
          let sectors = Int.random(
            in: 0...written.count / Self.sectorByteCount, using: &generator)
          let stored = Array(written.prefix(sectors * Self.sectorByteCount))
          Self.apply(.write(offset: offset, bytes: stored), to: &bytes)
        default: Self.apply(change, to: &bytes)
        }
      }
      try Data(bytes).write(
        to: URL(filePath: folder).appending(path: (path as NSString).lastPathComponent))
    }
  }

  private static func apply(_ change: FileState.Change, to bytes: inout [UInt8]) {
    switch change {
    case .truncation(let count):
      if bytes.count > count { bytes.removeLast(bytes.count - count) }
    case .write(let offset, let written):
      let end = offset + written.count
      if bytes.count < end {
        bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
      }
      bytes.replaceSubrange(offset..<end, with: written)
    }
  }
}
