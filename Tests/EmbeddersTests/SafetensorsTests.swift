import Foundation
import Testing

@testable import Embedders

@Suite("Safetensors")
struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func bytes(header: String, data: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + header.utf8 + data
  }

  private func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
  }

  /// The description of the error that opening such a file throws.
  private func problem(header: String, data: [UInt8] = []) throws -> String {
    try problem(of: bytes(header: header, data: data))
  }

  private func problem(of bytes: [UInt8]) throws -> String {
    let path = try folder.write(bytes, to: "model.safetensors")
    let error = #expect(throws: ModelFileError.self) { _ = try SafetensorsFile(path: path) }
    let description = try #require(error).description
    #expect(description.hasPrefix(path + ": ") && !description.contains("\n"))
    return description
  }

  @Test("Tensors are read where they lie, whatever their order in the header")
  func reads() throws {
    let header = """
      {"__metadata__":{"format":"pt"}, "b":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},
       "none":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},
       "a":{"shape":[1],"data_offsets":[0,8],"dtype":"I64"}}
      """
    let padding = String(repeating: " ", count: 8 - header.utf8.count % 8)
    let path = try folder.write(
      bytes(
        header: header + padding, data: [UInt8](repeating: 7, count: 8) + floats([1, 2, 3, 4])),
      to: "model.safetensors")
    let file = try SafetensorsFile(path: path)
    let pointer = try file.floats("b", shape: [2, 2])
    #expect(Array(UnsafeBufferPointer(start: pointer, count: 4)) == [1, 2, 3, 4])
    for (name, shape) in [("c", [1]), ("a", [1]), ("b", [4])] {
      #expect(throws: ModelFileError.self) { _ = try file.floats(name, shape: shape) }
    }
    withExtendedLifetime(file) {}
  }

  @Test(
    "A header that does not fit the file is refused with the cause",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "need 8"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "the file has 3"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "the file has 5"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "starts at byte 4"),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
        6, "starts at byte 2"
      ),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "a start and an end"),
      (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, "unknown type F31"),
      (
        #"{"a":{"dtype":"U8","shape":[9223372036854775807,9],"data_offsets":[0,4]}}"#, 4,
        "impossible shape"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}}"#, 4,
        "too large"
      ),
      (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, "whole number"),
      (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1, "expected ]"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, 1, "a start and an end"),
      (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "lacks dtype, shape or data_offsets"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}"#, 1, "unexpected key x"),
      (
        #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
        0, "there twice"
      ),
      (#"{"a\n":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0, "escapes"),
      (#"{"a"#, 0, "does not end"), (#"{} {}"#, 0, "more after"), ("", 0, "expected {"),
      ("[]", 0, "expected {"),
    ])
  func refuses(header: String, dataCount: Int, cause: String) throws {
    let description = try problem(header: header, data: [UInt8](repeating: 0, count: dataCount))
    #expect(description.contains(cause), "\(description)")
  }

  @Test("A file too short for what it announces is refused")
  func tooShort() throws {
    #expect(try problem(of: []).contains("is empty"))
    #expect(try problem(of: [1, 2, 3]).contains("at least 8"))
    #expect(try problem(of: [200, 0, 0, 0, 0, 0, 0, 0, 1]).contains("header has 200 bytes"))
    #expect(try problem(of: [UInt8](repeating: 255, count: 8)).contains("header has"))
    let missing = folder.path + "/nothing"
    let error = #expect(throws: ModelFileError.self) { _ = try SafetensorsFile(path: missing) }
    #expect(error?.description.contains("No such file") == true)
    #expect(throws: ModelFileError.self) { _ = try SafetensorsFile(path: folder.path) }
  }

  @Test("A header with random bytes changed, cut or doubled is read or refused, never a crash")
  func randomDamage() throws {
    let seed: UInt64 = 11
    print("seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let whole = bytes(
      header: #"{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#, data: floats([1, 2]))
    var refusedCount = 0
    for _ in 0..<2000 {
      var damaged = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: damaged[index] = UInt8.random(in: 0...255, using: &random)
        case 1: damaged.remove(at: index)
        default: damaged.insert(damaged[index], at: index)
        }
      }
      let path = try folder.write(damaged, to: "damaged")
      do {
        _ = try SafetensorsFile(path: path)
      } catch {
        #expect(error.path == path)
        refusedCount += 1
      }
    }
    #expect((1000..<2000).contains(refusedCount))
  }

  @Test("A model cut short is an error that names the file and the cause")
  func cutModel() throws {
    let model = try MiniLMModel.locate()
    let source = try FileHandle(forReadingFrom: URL(filePath: model.weightsPath))
    let head = try #require(try source.read(upToCount: 100_000))
    let path = try folder.write(head, to: "model.safetensors")
    try FileManager.default.copyItem(
      atPath: model.vocabularyPath, toPath: folder.path + "/vocab.txt")
    let error = #expect(throws: ModelFileError.self) {
      _ = try MiniLMEmbedder(model: MiniLMModel(directory: folder.path))
    }
    let description = try #require(error).description
    #expect(
      description
        == "\(path): its header says 90856960 bytes of tensors, but the file has 88584")
  }
}
