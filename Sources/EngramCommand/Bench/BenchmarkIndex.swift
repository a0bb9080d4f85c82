internal import Foundation
internal import Platform
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
  ///
  /// - Throws: ``CommandFailure`` if the file holds another index than would be built, or, before
  ///   anything is built, if it cannot be written.
  func open(
    progress: @escaping @Sendable (BuildProgress) -> Bool
  ) throws -> (segment: Segment, buildSeconds: Double) {
    guard let path else {
      let (image, seconds) = try build(progress: progress)
      return (try Segment(image), seconds)
    }
    return try CommandFailure.naming("--index") {
      guard FileManager.default.fileExists(atPath: path) else {
        let (image, seconds) = try write(to: path, progress: progress)
        return (try Segment(image), seconds)
      }
      let segment = try Self.read(path)
      try expectation.check(
        IndexDescription(of: segment), at: path, vector: { segment.vector(of: $0) })
      return (segment, 0)
    }
  }

  /// Builds the index into its file, which is not there.
  @discardableResult
  func write(
    to path: String, progress: @escaping @Sendable (BuildProgress) -> Bool
  ) throws -> (SegmentImage, seconds: Double) {
    // A file that is given up is gone: this only finds out whether there can be one.
    do {
      _ = try OutputFile(path: path)
    } catch {
      throw CommandFailure(
        "\(error); expected a file in a folder that is there and can be written to",
        status: .cannotCreate)
    }
    let (image, seconds) = try build(progress: progress)
    try image.write(toFile: path)
    return (image, seconds)
  }

  /// What an index in a file must be like.
  var expectation: IndexExpectation {
    IndexExpectation(base: base, metric: metric, configuration: configuration)
  }

  private static func read(_ path: String) throws -> Segment {
    let mapping = try FileMapping(InputFile(path: path, mustBeRegular: true))
    let image = SegmentImage(copying: mapping.bytes)
    return try naming(path) { try Segment(bytes: image.bytes, owner: image) }
  }

  /// Runs `body`, whose errors say which file they are about.
  static func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      let text = "\(error)"
      throw text.contains(path)
        ? error : CommandFailure("'\(path)': \(text)", status: ExitStatus(error))
    }
  }

  private func build(
    progress: @escaping @Sendable (BuildProgress) -> Bool
  ) throws -> (SegmentImage, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let image = try base.withRows(0..<base.count) { vectors in
      try SegmentBuilder.build(
        vectors: vectors, dimension: base.dimension, recordIDs: (0..<base.count).map(UInt64.init),
        metric: metric, configuration: configuration, progress: progress)
    }
    return (image, (clock.now - start).inSeconds)
  }
}
