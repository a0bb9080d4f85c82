internal import Cache
internal import Foundation

/// The two caches in a folder.
struct BenchmarkCaches {
  let records: RecordCache
  let segments: SegmentCache

  /// - Parameter cached: the most episodes in it.
  init(folder: String, cached: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    records = try RecordCache.open(
      at: folder + "/records", configuration: RecordCacheConfiguration(episodesMax: cached))
    segments = try SegmentCache.open(at: folder + "/segments")
  }

  func close() {
    records.close()
    segments.close()
  }
}
