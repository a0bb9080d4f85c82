internal import DurableStore
internal import Engram
internal import Episodes
internal import Sync

/// How the parts of a memory are.
struct HealthReport: Encodable {
  var model: String
  var store: StoreHealth
  var statementCacheHitRate: Double
  /// Nil where it cannot be read.
  var cache: CacheReport?
  var sync: SyncHealth
  /// Changes of the store that the cache does not have; nil while the store is away.
  var unsyncedChanges: Int64?
  /// Nil until the model is loaded, and while the store is away.
  var index: IndexStatus?
  /// A sentence for each.
  var problems: [String]

  init(of memory: Memory, model: ModelState) async {
    self.model = model.name
    store = await memory.storeHealth()
    statementCacheHitRate = store.statements.statementCacheHitRate
    sync = memory.syncHealth
    problems = [store.problem, sync.problem].compactMap(\.self)
    if case .failed(let problem) = model {
      problems.append("the embedding model cannot be used: \(problem)")
    }
    do {
      cache = try memory.cacheStatistics()
    } catch {
      problems.append(error.message)
    }
    if let found = try? await memory.statistics() {
      unsyncedChanges = max(0, found.lastChange - found.watermark)
    }
    if model == .ready {
      do {
        index = try await memory.indexStatus()
      } catch {
        problems.append(error.message)
      }
    }
    problems = problems.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  static let fields = JSONShape.Fields(
    "how the parts of the memory are",
    [
      .required("model", .choice(["loading", "ready", "failed"])),
      .required("store", .object(HealthShape.store)),
      .required("statementCacheHitRate", .share),
      .optional("cache", .object(HealthShape.cache)), .required("sync", .object(HealthShape.sync)),
      .optional(
        "unsyncedChanges", .whole, "Changes of the store that the cache does not have."),
      .optional("index", .object(HealthShape.index)),
      .required("problems", .list(of: .text), "Empty when all is well."),
    ])
}
