import Episodes
import Foundation
import Interchange
import Testing

@testable import EngramCommand

/// Damages good input at random: whatever comes of it must be a value or an error, never a trap.
@Suite("Damaged input")
struct MutationTests {
  private static let seed: UInt64 = 20_260_302

  private func mutated(_ bytes: [UInt8], _ random: inout RandomStream) -> [UInt8] {
    var result = bytes
    for _ in 0...random.nextIndex(below: 3) {
      let place = random.nextIndex(below: max(1, result.count))
      switch random.nextIndex(below: 5) {
      case 0 where !result.isEmpty: result[place] = UInt8(truncatingIfNeeded: random.next())
      case 1 where !result.isEmpty: result.remove(at: place)
      case 2: result.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
      case 3: result.removeSubrange(place...)
      default:
        let special = Array("{}[]\",:\\u0019.eE+-tfn\n \u{0}".utf8)
        result.insert(special[random.nextIndex(below: special.count)], at: place)
      }
    }
    return result
  }

  @Test("Lines of JSON: what is accepted has the value that Foundation reads")
  func lines() throws {
    let parser = EpisodeLineParser(startTime: Timestamp(nanosecondsSince1970: 0))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = Array(try encoder.encode(EpisodeLineParserTests.full))
    var random = RandomStream(seed: Self.seed)
    var accepted = 0
    for round in 0..<2_000 {
      let bytes = mutated(line, &random)
      bytes.withUnsafeBytes { _ = try? parser.parse($0) }
      let value = bytes.withUnsafeBytes { try? JSONReader.value(of: $0) }
      guard let value, String(validating: bytes, as: UTF8.self) != nil else { continue }
      accepted += 1
      let other = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))
      #expect(value == other, "seed \(Self.seed), round \(round)")
    }
    #expect(accepted > 100)
  }

  @Test("Vector files: what is accepted has the size that its header says")
  func vectorFiles() throws {
    let folder = try TemporaryFolder()
    var random = RandomStream(seed: Self.seed)
    for (name, bytes) in [
      ("a.npy", NumPyFixtures.float32Version1), ("b.npy", NumPyFixtures.float64Version2),
      ("c.npy", NumPyFixtures.float16Version3),
      ("d.fbin", VectorFileBytes.fbin(count: 2, dimension: 2, [1, 2, 3, 4])),
      ("e.fvecs", VectorFileBytes.fvecs([[1, 2], [3, 4]])),
    ] {
      for round in 0..<300 {
        let path = try folder.write(mutated(bytes, &random), to: name)
        guard let matrix = try? VectorMatrix(path: path) else { continue }
        matrix.withRows(0..<matrix.count) { values in
          #expect(values.allSatisfyFinite(), "seed \(Self.seed), \(name), round \(round)")
        }
      }
    }
    for (name, bytes) in [
      ("f.ivecs", VectorFileBytes.ivecs([[1, 2], [3, 4]])),
      ("g.ibin", VectorFileBytes.ivecs([[2, 2], [3, 4]])),
      ("h.npy", VectorFileBytes.npy(descr: "<i8", shape: "(1, 1)", [1, 0, 0, 0, 0, 0, 0, 0])),
    ] {
      for _ in 0..<300 {
        let path = try folder.write(mutated(bytes, &random), to: name)
        if let truth = try? NeighborMatrix(path: path, rowCount: 9) {
          #expect(truth.neighbors.allSatisfy { $0 < 9 })
        }
      }
    }
  }

  @Test("Git's output: pieces in any order are commits or errors")
  func gitLog() {
    let name = String(repeating: "a", count: 40)
    let pieces = [
      "\u{2}" + name, "Ada", "ada@example.org", "1772442000", "1772442000", "subject\n",
      "\n:100644 100644 \(name) \(name) M", "a.txt", ":100644 100644 \(name) \(name) R100", "b",
      "c",
      "1\t2\ta.txt", "9223372036854775807\t-3\tx", "0\t0\t", "b", "c", "-\t-\tbin", "", "\n",
    ].map { Array($0.utf8) }
    var random = RandomStream(seed: Self.seed)
    var commits = 0
    for _ in 0..<500 {
      var parser = GitLogParser(filesMax: 3)
      do throws(GitHistoryError) {
        var next = -1
        for _ in 0..<60 {
          // Mostly in order, so that some of it makes sense.
          next =
            random.nextIndex(below: 10) == 0
            ? random.nextIndex(below: pieces.count) : (next + 1) % pieces.count
          let piece =
            random.nextIndex(below: 20) == 0 ? mutated(pieces[next], &random) : pieces[next]
          if let commit = try parser.add(piece) {
            commits += 1
            #expect(commit.files.count <= 3 && commit.files.count <= commit.fileCount)
            _ = commit.episode(repository: "r", namespace: "n", reverter: nil)
          }
        }
        if try parser.finish() != nil { commits += 1 }
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
    #expect(commits > 0)
  }

  @Test("Lines of WordNet and Debian's lists")
  func datasetSources() {
    var random = RandomStream(seed: Self.seed)
    let synset = Array(
      "00002684 03 n 02 object 0 thing 0 001 @ 00001930 n 0000 | a thing; \"it was full\"".utf8)
    let stanza = Array(
      "Package: zoo\nDescription: short\n long\n .\n more\nVersion: 1\n".utf8)
    for _ in 0..<2_000 {
      _ =
        WordNetSynset(String(decoding: mutated(synset, &random), as: UTF8.self), part: .noun)?
        .questions
      var fields = DebianStanza()
      let text = String(decoding: mutated(stanza, &random), as: UTF8.self)
      for line in text.split(separator: "\n") { fields.add(String(line)) }
      _ = fields.description
    }
  }
}
