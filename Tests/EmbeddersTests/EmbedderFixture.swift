import Foundation
import Testing

@testable import Embedders

/// Texts with the token ids and vectors that the reference gives them; see make_fixtures.py.
struct EmbedderFixture {
  struct Sample: Decodable {
    var text: String
    var ids: [Int32]
  }

  let samples: [Sample]
  let vectors: [[Float]]

  var texts: [String] { samples.map(\.text) }

  static func load() throws -> EmbedderFixture {
    let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    let lines = try Data(contentsOf: folder.appending(path: "texts.jsonl")).split(separator: 10)
    let samples = try lines.map { try JSONDecoder().decode(Sample.self, from: $0) }
    let bytes = try Data(contentsOf: folder.appending(path: "vectors.f32"))
    try #require(bytes.count == samples.count * 384 * 4)
    let floats = bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    }
    return EmbedderFixture(
      samples: samples,
      vectors: (0..<samples.count).map { Array(floats[$0 * 384..<($0 + 1) * 384]) })
  }
}

/// The model where `make model` put it; a test without it fails and says how to get it.
func makeEmbedder(threadCount: Int? = nil) throws -> MiniLMEmbedder {
  try MiniLMEmbedder(model: MiniLMModel.locate(), threadCount: threadCount)
}

func cosine(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Double {
  var (dot, aa, bb) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    dot += Double(x) * Double(y)
    aa += Double(x) * Double(x)
    bb += Double(y) * Double(y)
  }
  return dot / (aa * bb).squareRoot()
}
