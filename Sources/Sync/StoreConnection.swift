public import DurableStore
internal import Synchronization

/// The durable store as it comes and goes: opened when it is there, given up when its file is gone or
/// another has taken its place, and opened again when it is back.
///
/// A file that was moved away while it is open would go on taking writes that nobody ever reads, so every
/// use looks whether the file is still the one that was opened.
///
/// Thread-safe.
public final class StoreConnection: Sendable {
  /// The database file; nil for a store without one.
  public let path: String?
  /// Whether the store is a database that others may write without a file here showing it.
  let isElsewhere: Bool
  private let open: @Sendable () async throws -> DurableStore
  /// Whether a missing file may be made. One that is missing where a cache of it is left has been moved
  /// or deleted; a new empty one would have the cache, the last copy, emptied too.
  private let mayCreate: @Sendable () -> Bool
  private let state: Mutex<State>

  private struct State {
    var store: DurableStore?
    var file: StoreStamp.FileNumber?
    var problem: StoreAway?
    var isClosed = false
    /// Writes by stores that were open before the one that is.
    var writesBefore = 0

    /// Gives up the store, but not the count of its writes.
    mutating func takeStore() -> DurableStore? {
      defer { store = nil }
      writesBefore += store?.writeCount ?? 0
      return store
    }
  }

  /// A store that is open and stays so.
  public init(_ store: DurableStore) {
    path = nil
    isElsewhere = false
    open = { store }
    mayCreate = { true }
    state = Mutex(State(store: store))
  }

  /// A store in a file, opened by the first ``connected()``.
  ///
  /// - Parameters:
  ///   - mayCreate: whether a missing file may be made; asked each time.
  ///   - open: opens it.
  public init(
    path: String, mayCreate: @escaping @Sendable () -> Bool,
    open: @escaping @Sendable () async throws -> DurableStore
  ) {
    self.path = path
    isElsewhere = false
    self.open = open
    self.mayCreate = mayCreate
    state = Mutex(State())
  }

  /// A store in a database elsewhere, opened by the first ``connected()`` that reaches it.
  public init(elsewhere open: @escaping @Sendable () async throws -> DurableStore) {
    path = nil
    isElsewhere = true
    self.open = open
    mayCreate = { true }
    state = Mutex(State())
  }

  /// The open store.
  ///
  /// - Throws: ``StoreAway`` when it is not open, or its file is no longer there.
  /// - Complexity: two system calls.
  public func current() throws(StoreAway) -> DurableStore {
    let state = state.withLock { $0 }
    guard let store = state.store else {
      throw state.problem ?? StoreAway(problem: "it is not open")
    }
    if let path, let file = state.file, StoreStamp(path: path)?.file != file {
      throw StoreAway(problem: "\(path) was moved or deleted while it was open")
    }
    return store
  }

  /// The store, opened if it is not or if another file has taken its place. Not to be called by two
  /// tasks at once.
  ///
  /// - Throws: ``StoreAway``, or another error when what is there is no store that this release can use.
  public func connected() async throws -> DurableStore {
    guard let path else { return try await connectedElsewhere() }
    let stamp = StoreStamp(path: path)
    let found = stamp?.file
    let (known, isClosed) = state.withLock { state -> (DurableStore?, Bool) in
      if let store = state.store, found != nil, state.file == found { return (store, false) }
      return (nil, state.isClosed)
    }
    if let known { return known }
    let old = state.withLock { $0.takeStore() }
    old?.close()
    if isClosed { throw StoreAway(problem: "it was closed") }
    do {
      let isThere = stamp.map { !$0.isEmpty } ?? false
      guard isThere || mayCreate() else {
        throw StoreAway(
          problem:
            "\(path) is \(found == nil ? "missing" : "empty") though there is a cache of it; put it back, or "
            + "a backup in its place with 'engram store restore'. To start anew without what the cache has, "
            + "delete the cache folder")
      }
      return try adopt(try await open(), path: path)
    } catch {
      guard StoreAway.isMeant(by: error) else { throw error }
      let away = error as? StoreAway ?? StoreAway(problem: "\(error)", underlying: error)
      state.withLock { $0.problem = away }
      throw away
    }
  }

  private func connectedElsewhere() async throws -> DurableStore {
    let (known, isClosed) = state.withLock { ($0.store, $0.isClosed) }
    if let known { return known }
    guard isElsewhere, !isClosed else { return try current() }
    do {
      return try adopt(try await open(), path: nil)
    } catch {
      guard StoreAway.isMeant(by: error) else { throw error }
      let away = error as? StoreAway ?? StoreAway(problem: "\(error)", underlying: error)
      state.withLock { $0.problem = away }
      throw away
    }
  }

  private func adopt(_ store: DurableStore, path: String?) throws(StoreAway) -> DurableStore {
    let file = path.flatMap { StoreStamp(path: $0)?.file }
    let isClosed = state.withLock { state in
      guard !state.isClosed else { return true }
      state.store = store
      // What opening it has written nobody waits for.
      state.writesBefore -= store.writeCount
      state.file = file
      state.problem = nil
      return false
    }
    guard !isClosed else {
      store.close()
      throw StoreAway(problem: "it was closed")
    }
    return store
  }

  /// What the store's files are like now; nil when they are not there or there are none.
  func stamp() -> StoreStamp? { path.flatMap { StoreStamp(path: $0) } }

  /// Writes through this connection that have ended.
  var writeCount: Int { state.withLock { $0.writesBefore + ($0.store?.writeCount ?? 0) } }

  /// Closes the store for good.
  public func close() {
    let store = state.withLock { state -> DurableStore? in
      state.isClosed = true
      return state.takeStore()
    }
    store?.close()
  }
}
