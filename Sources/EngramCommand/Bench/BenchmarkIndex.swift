internal import Foundation
internal import Vamana
internal import VectorMath

/// The index a benchmark searches: built over a file of vectors, or read from where it was kept.
struct BenchmarkIndex {
  var base: VectorMatrix
  var metric: Metric
  var configuration: VamanaConfiguration
  /// Where the index is kept: read from if the file is there, else written to.
  var path: String?

  /// The index and the seconds its build took: 0 if it was read from a file.
  func open(
    progress: @escaping @Sendable (BuildProgress) -> Bool
  ) throws -> (segment: Segment, buildSeconds: Double) {
    let (image, buildSeconds) = try image(progress: progress)
    let segment = try Segment(image)
    guard segment.dimension == base.dimension, segment.metric == metric,
      segment.count == base.count
    else {
      throw CommandFailure(
        "\(path ?? "index"): holds \(segment.count) vectors of \(segment.dimension) dimensions, "
          + "\(segment.metric); expected \(base.count) of \(base.dimension), \(metric)",
        status: .badData)
    }
    return (segment, buildSeconds)
  }

  private func image(
    progress: @escaping @Sendable (BuildProgress) -> Bool
  ) throws -> (SegmentImage, buildSeconds: Double) {
    if let path, FileManager.default.fileExists(atPath: path) {
      let mapping = try FileMapping(InputFile(path: path))
      let image = SegmentImage(copying: mapping.bytes)
      _ = try Segment(bytes: image.bytes, owner: image)
      return (image, 0)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let image = try base.withRows(0..<base.count) { vectors in
      try SegmentBuilder.build(
        vectors: vectors, dimension: base.dimension, recordIDs: (0..<base.count).map(UInt64.init),
        metric: metric, configuration: configuration, progress: progress)
    }
    let seconds = (clock.now - start).inSeconds
    if let path {
      try Data(
        bytesNoCopy: UnsafeMutableRawPointer(mutating: image.bytes.baseAddress!),
        count: image.bytes.count, deallocator: .none
      ).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
    return (image, seconds)
  }
}
