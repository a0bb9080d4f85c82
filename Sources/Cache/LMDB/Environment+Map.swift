import CLMDB
import Glibc
import Synchronization

extension Environment {
  /// Bytes of address space of the map.
  var mapBytes: Int { gate.withLock { $0.mapBytes } }

  /// Counts a transaction in, waiting while the map is replaced.
  ///
  /// - Returns: an idle reader if one is wanted and there is one.
  func enter(takingReader: Bool) throws(CacheError) -> IdleReader? {
    while true {
      let entered = gate.withLock { gate -> (isIn: Bool, isBroken: Bool, reader: IdleReader?) in
        if gate.isBroken { return (false, true, nil) }
        if gate.isReplacingMap { return (false, false, nil) }
        gate.activeCount += 1
        return (true, false, takingReader ? gate.takeIdleReader() : nil)
      }
      if entered.isIn { return entered.reader }
      if entered.isBroken {
        throw CacheError(
          reason: .failedEarlier, operation: "begin a transaction", path: path,
          detail: "the map was lost when it was to grow")
      }
      usleep(500)
    }
  }

  /// Counts a transaction out.
  func leave() { gate.withLock { $0.activeCount -= 1 } }

  /// Makes the map larger than `oldBytes`, unless another thread has already done so.
  ///
  /// - Throws: ``CacheError`` with reason `mapFull` when transactions stay open or the system
  ///   refuses the address space.
  func growMap(from oldBytes: Int) throws(CacheError) {
    guard try beginReplacingMap() else { return try growMap(from: oldBytes) }
    defer { gate.withLock { $0.isReplacingMap = false } }
    var information = MDB_envinfo()
    try check(mdb_env_info(handle, &information), "read the map size", path)
    let neededBytes = (information.me_last_pgno + 1) * pageBytes
    if information.me_mapsize > oldBytes, information.me_mapsize >= neededBytes { return }
    let newBytes = max(information.me_mapsize, neededBytes) * 2
    // LMDB gives up the old map before it asks for the new one and cannot go back, so ask first.
    let probe = mmap(
      nil, newBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | Int32(MAP_NORESERVE), -1, 0)
    guard probe != MAP_FAILED else {
      throw CacheError(
        reason: .mapFull, code: errno, operation: "grow the map to \(newBytes) bytes", path: path,
        detail: "the system refuses the address space")
    }
    munmap(probe, newBytes)
    // SAFETY: no transaction of this process is open but pinned ones, which are not read, and none can begin.
    let code = mdb_env_set_mapsize(handle, newBytes)
    gate.withLock { gate in
      gate.mapBytes = newBytes
      gate.isBroken = code != MDB_SUCCESS
    }
    try check(code, "grow the map to \(newBytes) bytes", path)
  }

  /// Keeps transactions from beginning and waits for the open ones to end.
  ///
  /// - Returns: false when another thread was replacing the map; it is done now.
  private func beginReplacingMap() throws(CacheError) -> Bool {
    let isMine = gate.withLock { gate in
      defer { gate.isReplacingMap = true }
      return !gate.isReplacingMap
    }
    var waitedMilliseconds = 0
    while true {
      let (active, isReplacing) = gate.withLock { ($0.activeCount, $0.isReplacingMap) }
      if !isMine {
        if !isReplacing { return false }
      } else if active == 0 {
        return true
      } else if waitedMilliseconds >= growthWaitMillisecondsMax.load(ordering: .relaxed) {
        gate.withLock { $0.isReplacingMap = false }
        throw CacheError(
          reason: .mapFull, code: MDB_MAP_FULL, operation: "grow the map", path: path,
          detail: "\(active) transactions stay open in this process")
      }
      usleep(1_000)
      waitedMilliseconds += 1
    }
  }

  /// What the environment takes.
  func space() throws(CacheError) -> EnvironmentSpace {
    var information = MDB_envinfo()
    _ = try enter(takingReader: false)
    defer { leave() }
    try check(mdb_env_info(handle, &information), "read the map size", path)
    return EnvironmentSpace(
      fileBytes: FileSystem.size(of: path + "/data.mdb") ?? 0, mapBytes: information.me_mapsize,
      lastPageBytes: (information.me_last_pgno + 1) * pageBytes,
      readersMax: Int(information.me_maxreaders), readerPlacesUsed: Int(information.me_numreaders))
  }

  /// Makes room in the map for `bytes` more, so that a write of that size does not fill it.
  func ensureRoom(bytes: Int) throws(CacheError) {
    while true {
      let space = try space()
      if space.mapBytes - space.lastPageBytes >= bytes { return }
      try growMap(from: space.mapBytes)
    }
  }

  /// Gives back the places of readers whose processes are gone, in any process's table.
  func clearStaleReaders() throws(CacheError) -> Int {
    var count: Int32 = 0
    _ = try enter(takingReader: false)
    defer { leave() }
    try check(mdb_reader_check(handle, &count), "clear stale readers", path)
    return Int(count)
  }
}
