import Platform
import Synchronization

/// The open environments of this process.
///
/// LMDB forbids to open a file twice in one process: closing the second would drop the locks of the
/// first, and other processes' writers would then reuse pages that are being read. So each
/// directory has one environment, shared by all who open it and closed when the last lease ends.
enum EnvironmentRegistry {
  private struct Entry {
    let environment: Environment
    var leases: Int
  }

  private static let entries = Mutex<[FileIdentity: Entry]>([:])

  /// A lease on the environment in the directory `path`, opened if it is not open yet.
  static func lease(
    path: String, format: String, tables: [String], options: EnvironmentOptions
  ) throws(CacheError) -> EnvironmentLease {
    let (descriptor, identity) = try FileSystem.openDirectory(path)
    // Opening under the lock keeps a second opener from starting before the first is done, and
    // closing under it keeps an opener from starting before a closer is done.
    return try entries.withLock { (entries) throws(CacheError) in
      if let environment = entries[identity]?.environment {
        FileSystem.closeDirectory(descriptor)
        guard environment.tables.map(\.name) == tables, environment.format == format else {
          throw CacheError(
            reason: .inUse, operation: "open", path: path,
            detail: "the directory is open in this process as \(environment.format)")
        }
        entries[identity]!.leases += 1
        return EnvironmentLease(environment: environment, isNew: false, isFirst: false)
      }
      let environment: Environment
      do throws(CacheError) {
        environment = try Environment(
          path: path, identity: identity, directoryDescriptor: descriptor, format: format,
          tableNames: tables, options: options)
      } catch {
        FileSystem.closeDirectory(descriptor)
        throw error
      }
      entries[identity] = Entry(environment: environment, leases: 1)
      return EnvironmentLease(
        environment: environment, isNew: environment.wasCreated, isFirst: true)
    }
  }

  /// - Throws: ``CacheError`` with reason `inUse` when the directory `path` is open in this process.
  static func requireClosed(path: String) throws(CacheError) {
    let (descriptor, identity) = try FileSystem.openDirectory(path)
    FileSystem.closeDirectory(descriptor)
    guard entries.withLock({ $0[identity] == nil }) else {
      throw CacheError(
        reason: .inUse, operation: "discard", path: path,
        detail: "the directory is open in this process")
    }
  }

  static func release(_ environment: Environment) {
    entries.withLock { entries in
      guard var entry = entries[environment.identity] else { return }
      entry.leases -= 1
      if entry.leases > 0 {
        entries[environment.identity] = entry
      } else {
        entries[environment.identity] = nil
        environment.close()
      }
    }
  }
}
