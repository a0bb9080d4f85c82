internal import Platform
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Keeps the segments of one index as files of a folder, and searches them in their maps.
///
/// ```swift
/// let storage = try FolderSegmentStorage(path: "index")
/// let index = try VectorIndex(
///   dimension: 384, metric: .cosine, manifest: storage.manifest, storage: storage)
/// ```
///
/// A segment appears under its name when it is complete and durable, as does a manifest: a process killed at any
/// moment leaves the manifest saved last, with all its segments. Files that it does not name are removed by the next
/// to open the folder. One process at a time may have it open.
public final class FolderSegmentStorage: SegmentStorage {
  private static let manifestName = "manifest"
  private static let lockName = "lock"
  private static let segmentSuffix = ".segment"

  /// The folder.
  public let path: String
  private let lock: FileLock
  private let saved: Mutex<SegmentManifest?>

  /// Opens a folder, or makes it.
  ///
  /// - Parameter path: of a folder of its own; others' files in it are left alone.
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``, also where another has it open;
  ///   ``VectorIndexError/invalidManifest(problem:)`` for a corrupt manifest.
  public init(path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw VamanaError.fileFailed(path: path, offset: 0, problem: "\(error)")
    }
    self.path = path
    lock = try Self.lock(folder: path)
    saved = Mutex(try ManifestFile.read(path + "/" + Self.manifestName))
    removeUnnamed()
  }

  /// The manifest saved last: nil in a new folder.
  public var manifest: SegmentManifest? { saved.withLock { $0 } }

  public func store(_ image: SegmentImage) throws -> StoredSegment {
    let handle = SegmentHandle(rawValue: UUID().uuidString.lowercased())
    try image.write(toFile: file(of: handle))
    // What was just written need not be compared.
    return StoredSegment(handle: handle, segment: try open(handle, verifyingChecksums: false))
  }

  /// Opens a segment in the map of its file, all checksums compared.
  public func open(_ handle: SegmentHandle) throws -> Segment {
    try open(handle, verifyingChecksums: true)
  }

  public func save(_ manifest: SegmentManifest) throws {
    try ManifestFile.write(manifest, to: path + "/" + Self.manifestName)
    saved.withLock { $0 = manifest }
  }

  public func remove(_ handle: SegmentHandle) {
    // A file that stays is removed by the next to open the folder.
    unlink(file(of: handle))
  }

  private func open(_ handle: SegmentHandle, verifyingChecksums: Bool) throws -> Segment {
    // A manifest is bytes of a disk: it must not name files elsewhere.
    guard UUID(uuidString: handle.rawValue) != nil else {
      throw VectorIndexError.invalidManifest(
        problem: "'\(handle.rawValue)' is not the name of a segment of a folder")
    }
    let mapping = try SegmentMapping(path: file(of: handle))
    return try Segment(
      bytes: mapping.bytes, owner: mapping, verifyingChecksums: verifyingChecksums)
  }

  /// Keeps others from the folder, until this object goes or the process ends.
  private static func lock(folder: String) throws(VamanaError) -> FileLock {
    let path = folder + "/" + lockName
    do {
      if let lock = try FileLock.take(path: path, permissions: 0o644) { return lock }
    } catch {
      throw VamanaError(error)
    }
    throw .fileFailed(
      path: path, offset: 0,
      problem: "another index, of this process or another, has the folder open")
  }

  private func file(of handle: SegmentHandle) -> String {
    path + "/" + handle.rawValue + Self.segmentSuffix
  }

  /// Removes what a process left that was killed before it saved a manifest, or after.
  private func removeUnnamed() {
    let named = Set((manifest?.segments ?? []).map { $0.handle.rawValue + Self.segmentSuffix })
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where !named.contains(name) {
      if Self.isOurs(name) { unlink(path + "/" + name) }
    }
  }

  /// Whether a name is one that this type gives, to a segment or to a file that was not finished.
  private static func isOurs(_ name: String) -> Bool {
    let isPartial = name.hasSuffix(DurableFile.partialSuffix)
    if isPartial, name.hasPrefix(manifestName + ".") { return true }
    let parts = name.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, UUID(uuidString: String(parts[0])) != nil else { return false }
    let rest = "." + parts[1]
    return rest == segmentSuffix || isPartial && rest.hasPrefix(segmentSuffix + ".")
  }
}
