internal import Cache
internal import DurableStore
internal import Embedders
internal import Episodes
internal import Sync
internal import Vamana

/// Why the memory refused or failed.
public struct EngramError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is; stable names that programs can tell apart.
  public enum Code: String, Hashable, Sendable, Codable, CaseIterable {
    /// A value breaks a rule; the message names the field.
    case invalidInput
    /// There is no record with this id.
    case notFound
    /// A record with this id is there already, or was changed meanwhile.
    case conflict
    /// The home folder cannot be created, read or written.
    case unusableHome
    /// A file cannot be made where it was asked for; what is there is as it was.
    case unusableOutput
    /// The durable store cannot be opened, read or written.
    case storeFailed
    /// The durable store cannot be reached now; reads are served from the cache meanwhile.
    case storeAway
    /// The cache cannot be opened, read or written; it can be deleted and filled again.
    case cacheFailed
    /// The index is damaged or does not fit the model.
    case indexDamaged
    /// The embedding model is not there; the message says how to get it.
    case modelMissing
    /// The embedding model cannot be used.
    case modelDamaged
    case cancelled
    case other
  }

  public var code: Code
  /// One line for people.
  public var message: String
  public var underlying: (any Error)?

  public init(code: Code, message: String, underlying: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  public var description: String { message }

  /// Finds the code that fits an error of a part below.
  init(_ error: any Error) {
    switch error {
    case let error as EngramError: self = error
    case let error as ValidationError:
      self.init(code: .invalidInput, message: error.description, underlying: error)
    case let error as DurableStoreError:
      self.init(code: Self.code(of: error), message: error.description, underlying: error)
    case let error as StoreAway:
      self.init(code: .storeAway, message: error.description, underlying: error)
    case let error as CacheError:
      self.init(code: .cacheFailed, message: error.description, underlying: error)
    case let error as SyncError:
      self.init(code: Self.code(of: error), message: error.description, underlying: error)
    case let error as VamanaError:
      self.init(code: Self.code(of: error), message: error.description, underlying: error)
    case let error as MiniLMModelMissing:
      self.init(code: .modelMissing, message: error.description, underlying: error)
    case let error as ModelFileError:
      self.init(code: .modelDamaged, message: error.description, underlying: error)
    case is CancellationError:
      self.init(code: .cancelled, message: "cancelled", underlying: error)
    default: self.init(code: .other, message: "\(error)", underlying: error)
    }
  }

  private static func code(of error: DurableStoreError) -> Code {
    switch error {
    case .invalid, .stepOutOfOrder, .cycle: .invalidInput
    case .notFound: .notFound
    case .duplicate, .forgotten, .episodeComplete, .changedMeanwhile, .inUse: .conflict
    // Nothing was written; where that is not known it is no mere absence.
    case .database(let error) where error.kind == .unreachable && !error.mayHaveBeenApplied:
      .storeAway
    case .database(let error) where error.kind == .cancelled: .cancelled
    case .cannotOpen, .notADatabase, .foreignDatabase, .newerSchema, .corrupt,
      .segmentNotPublished, .damagedBackup, .database:
      .storeFailed
    }
  }

  private static func code(of error: SyncError) -> Code {
    switch error {
    case .damagedSegment: .indexDamaged
    case .spoolFailed, .contended: .cacheFailed
    }
  }

  private static func code(of error: VamanaError) -> Code {
    switch error {
    case .invalidSegment, .checksumMismatch, .fileFailed: .indexDamaged
    case .cancelled: .cancelled
    case .invalidConfiguration, .dimensionMismatch, .notFinite, .recordIDsNotAscending,
      .duplicateRecordID, .countMismatch, .tooManyVectors:
      .invalidInput
    }
  }
}

/// Runs `body` and turns whatever it throws into an ``EngramError``.
func engramErrors<Value>(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
) async throws(EngramError) -> Value {
  do {
    return try await body()
  } catch {
    throw EngramError(error)
  }
}
