#if os(Linux)
  internal import Foundation

  /// Tells that something was written in folders, by the kernel's word (inotify): nothing is looked through for it.
  ///
  /// Only that something happened is told, not what. One owner at a time.
  final class FolderEvents {
    /// Folders beyond these are not followed.
    private static let foldersMax = 4_096

    private let descriptor: Int32
    private var watched: Set<String> = []
    /// Whether every folder is followed.
    private(set) var isComplete = true

    /// Nil where the system has no events to give.
    init?() {
      descriptor = inotify_init1(O_NONBLOCK | O_CLOEXEC)
      if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    /// Follows a folder; those that are followed already stay so.
    ///
    /// - Parameter isDeep: whether the folders in it are followed too.
    func follow(_ folder: String, isDeep: Bool) {
      let folder = TranscriptFolder.resolved(folder)
      add(folder)
      guard isDeep, let names = FileManager.default.enumerator(atPath: folder) else { return }
      while let name = names.nextObject() as? String {
        let type = names.fileAttributes?[.type] as? FileAttributeType
        if type == .typeDirectory { add(folder + "/" + name) }
      }
    }

    private func add(_ folder: String) {
      guard !watched.contains(folder) else { return }
      let events =
        IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE
        | IN_DELETE_SELF | IN_MOVE_SELF
      guard watched.count < Self.foldersMax,
        inotify_add_watch(descriptor, folder, UInt32(events)) >= 0
      else {
        isComplete = false
        return
      }
      watched.insert(folder)
    }

    /// Whether anything happened since this was asked last. Never waits.
    func take() -> Bool {
      var hasEvents = false
      withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
        // SAFETY: pointer and count are those of one buffer, which lives as long as the call.
        while read(descriptor, buffer.baseAddress, buffer.count) > 0 { hasEvents = true }
      }
      // A folder that was moved or deleted may come again under its name.
      if hasEvents {
        watched.removeAll()
        // One that went while it was followed must not have the others looked through for ever.
        isComplete = true
      }
      return hasEvents
    }
  }
#else
  /// Elsewhere folders are looked through at the interval.
  final class FolderEvents {
    let isComplete = false

    init?() { return nil }

    func follow(_ folder: String, isDeep: Bool) {}

    func take() -> Bool { true }
  }
#endif
