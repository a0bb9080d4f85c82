import Foundation
import GRDBSQLite
import Synchronization

/// SQLite's file system for the folders of ``FaultyDisk``; all other files go to the system's own, untouched.
enum FaultyFileSystem {
  private struct OpenFile {
    // SAFETY: SQLite's own table of methods, which is never freed.
    nonisolated(unsafe) var methods: UnsafePointer<sqlite3_io_methods>
    var path: String
    var disk: FaultyDisk
  }

  private struct State {
    var disks: [FaultyDisk] = []
    var files: [UInt: OpenFile] = [:]
  }

  private static let state = Mutex(State())
  private static let nameOfSystem = "engram-faulty"
  // SAFETY: written once, before SQLite is told of them, and never freed.
  nonisolated(unsafe) private static let system = sqlite3_vfs_find(nil)!
  nonisolated(unsafe) private static var methods: [UInt: UnsafeMutablePointer<sqlite3_io_methods>] =
    [:]

  /// Makes it the file system of every connection opened from now on.
  private static let isInstalled: Bool = {
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    vfs.initialize(to: system.pointee)
    vfs.pointee.pNext = nil
    vfs.pointee.zName = UnsafePointer(strdup(nameOfSystem))
    vfs.pointee.xOpen = { vfs, name, file, flags, outFlags in
      FaultyFileSystem.open(vfs, name, file, flags, outFlags)
    }
    return sqlite3_vfs_register(vfs, 1) == SQLITE_OK
  }()

  static func add(_ disk: FaultyDisk) {
    precondition(isInstalled)
    state.withLock { $0.disks.append(disk) }
  }

  private static func open(
    _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: CInt,
    _ outFlags: UnsafeMutablePointer<CInt>?
  ) -> CInt {
    let code = system.pointee.xOpen(vfs, name, file, flags, outFlags)
    guard code == SQLITE_OK, let file, let name, let own = file.pointee.pMethods else {
      return code
    }
    let path = String(cString: name)
    state.withLock { state in
      guard let disk = state.disks.last(where: { path.hasPrefix($0.folder + "/") }) else { return }
      disk.opened(path)
      state.files[UInt(bitPattern: file)] = OpenFile(methods: own, path: path, disk: disk)
      file.pointee.pMethods = UnsafePointer(faulty(own))
    }
    return code
  }

  /// The methods of a file with those replaced that may fail. Called with the state locked.
  private static func faulty(
    _ own: UnsafePointer<sqlite3_io_methods>
  ) -> UnsafeMutablePointer<sqlite3_io_methods> {
    if let known = methods[UInt(bitPattern: own)] { return known }
    let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    table.initialize(to: own.pointee)
    table.pointee.xClose = { FaultyFileSystem.close($0) }
    table.pointee.xRead = { FaultyFileSystem.read($0, $1, $2, $3) }
    table.pointee.xWrite = { FaultyFileSystem.write($0, $1, $2, $3) }
    table.pointee.xTruncate = { FaultyFileSystem.truncate($0, $1) }
    table.pointee.xSync = { FaultyFileSystem.sync($0, $1) }
    methods[UInt(bitPattern: own)] = table
    return table
  }

  private static func openFile(_ file: UnsafeMutablePointer<sqlite3_file>?) -> OpenFile {
    // SQLite calls these methods with files that `open` has handed to them.
    state.withLock { $0.files[UInt(bitPattern: file)]! }
  }

  private static func close(_ file: UnsafeMutablePointer<sqlite3_file>?) -> CInt {
    let open = openFile(file)
    state.withLock { _ = $0.files.removeValue(forKey: UInt(bitPattern: file)) }
    return open.methods.pointee.xClose(file)
  }

  private static func read(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeMutableRawPointer?, _ count: CInt,
    _ offset: sqlite3_int64
  ) -> CInt {
    let open = openFile(file)
    if open.disk.fault(of: .read) != nil { return SQLITE_IOERR | (1 << 8) }
    return open.methods.pointee.xRead(file, bytes, count, offset)
  }

  private static func write(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: CInt,
    _ offset: sqlite3_int64
  ) -> CInt {
    let open = openFile(file)
    func store(_ stored: CInt) -> CInt {
      let code = open.methods.pointee.xWrite(file, bytes, stored, offset)
      // SAFETY: SQLite vouches for `count` bytes.
      let written = [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(stored)))
      open.disk.changed(open.path, by: .write(offset: Int(offset), bytes: written))
      return code
    }
    switch open.disk.fault(of: .write) {
    case .fullDisk: return SQLITE_FULL
    case .shortWrite:
      _ = store(count / 2)
      return SQLITE_IOERR | (3 << 8)
    case .some: return SQLITE_IOERR | (3 << 8)
    case nil: return store(count)
    }
  }

  private static func truncate(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ byteCount: sqlite3_int64
  ) -> CInt {
    let open = openFile(file)
    if open.disk.fault(of: .truncation) != nil { return SQLITE_IOERR | (6 << 8) }
    open.disk.changed(open.path, by: .truncation(byteCount: Int(byteCount)))
    return open.methods.pointee.xTruncate(file, byteCount)
  }

  private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: CInt) -> CInt {
    let open = openFile(file)
    if open.disk.fault(of: .sync) != nil { return SQLITE_IOERR | (4 << 8) }
    let code = open.methods.pointee.xSync(file, flags)
    if code == SQLITE_OK { open.disk.synced(open.path) }
    return code
  }
}
