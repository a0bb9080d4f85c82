import Foundation
import Testing
import Vamana
import VectorMath

/// A segment image that was written once by the version of the format in its name, and is never written
/// again: what was stored then must be read for ever.
///
/// To freeze a new version: change ``version`` and its hits, and run these tests once with
/// `ENGRAM_FREEZE_SEGMENTS` set to the folder `Fixtures` beside this file; then build again.
struct FrozenSegment: CustomStringConvertible, Sendable {
  static let version = 2
  static let count = 60
  static let dimension = 12

  let metric: Metric
  let isFused: Bool
  /// The nearest three of ``query``, by exact search when the image was written.
  let nearest: [SearchHit]

  static let all = [
    FrozenSegment(
      metric: .squaredEuclidean, isFused: true,
      nearest: [
        SearchHit(recordID: 1096, distance: 2346),
        SearchHit(recordID: 791, distance: 2380),
        SearchHit(recordID: 2216, distance: 2754),
      ]),
    FrozenSegment(
      metric: .cosine, isFused: false,
      nearest: [
        SearchHit(recordID: 1096, distance: 0.013494),
        SearchHit(recordID: 791, distance: 0.053855),
        SearchHit(recordID: 1856, distance: 0.352645),
      ]),
  ]

  var description: String { "segment-v\(Self.version)-\(isFused ? "fused" : "compact")-\(metric)" }

  static func recordID(_ row: Int) -> UInt64 { UInt64(row * row + 7) }

  /// Whole numbers, exact in any arithmetic.
  static func vector(_ row: Int) -> [Float] {
    (0..<dimension).map { Float((row * 37 + $0 * 101 + row * $0 * 13) % 64 - 32) }
  }

  static let query = (0..<dimension).map { Float($0 * 5 % 17 - 8) }

  static var base: TestVectors { TestVectors(rows: (0..<count).map(vector)) }

  func build() throws -> SegmentImage {
    var configuration = VamanaConfiguration()
    configuration.maximumDegree = 6
    configuration.isFused = isFused
    return try Self.base.build(
      metric: metric, recordIDs: (0..<Self.count).map(Self.recordID), configuration: configuration)
  }

  /// The bytes as they are in the repository, on a boundary as segments need it.
  func load() throws -> FrozenBytes {
    if let folder = ProcessInfo.processInfo.environment["ENGRAM_FREEZE_SEGMENTS"] {
      let image = try build()
      try Data(image.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(self)"))
    }
    let url = try #require(
      Bundle.module.url(forResource: description, withExtension: nil, subdirectory: "Fixtures"))
    return FrozenBytes(try Data(contentsOf: url))
  }
}

/// An aligned copy of an image, whose bytes can be changed.
final class FrozenBytes {
  private let storage: UnsafeMutableRawBufferPointer

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(storage) }

  init(_ data: Data) {
    storage = .allocate(byteCount: data.count, alignment: 64)
    storage.copyBytes(from: data)
  }

  deinit { storage.deallocate() }

  subscript(offset: Int) -> UInt8 {
    get { storage[offset] }
    set { storage[offset] = newValue }
  }
}
