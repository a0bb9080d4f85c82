import Foundation
import Vamana
import VectorMath

/// An image placed for disk, in a temporary file that goes away with the object.
final class StoredImage {
  let image: SegmentImage
  let path: String

  init(
    of vectors: TestVectors, metric: Metric, placement: NodePlacement = .disk
  ) throws {
    var configuration = VamanaConfiguration()
    configuration.placement = placement
    image = try vectors.build(metric: metric, configuration: configuration)
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("engram-segment-\(UUID().uuidString)").path
    try image.write(toFile: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Changes one byte of the file.
  func flip(byteAt offset: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(offset))
    let byte = try file.read(upToCount: 1)?.first ?? 0
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: [byte ^ 0x10])
  }

  func truncate(to byteCount: Int) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    defer { try? file.close() }
    try file.truncate(atOffset: UInt64(byteCount))
  }
}
