package import DurableStore
public import Episodes
internal import Foundation

/// The lines of an export, and back.
///
/// An episode is a line of its own fields, as `engram import jsonl` takes it from anywhere. Every other
/// record is an object with one field that names its kind:
///
/// ```
/// {"heuristic":{"action":…}}
/// {"pattern":{"context":…}}
/// {"id":"…","taskDescription":…}
/// {"learned":{"episode":"…"}}
/// {"embedding":{"contentHash":…,"model":…,"owner":{…},"vector":"…"}}
/// {"relationship":{"createdAt":…}}
/// ```
///
/// An embedding follows the episode or pattern it belongs to; its vector is Base64 of 32-bit floats,
/// lowest byte first. After an episode that was learned from, and names no pattern, a line says so. Keys are sorted and numbers in their shortest form, so that equal records are
/// equal bytes.
public enum RecordLine: Sendable {
  case pattern(Pattern)
  case heuristic(Heuristic)
  case relationship(Relationship)
  case embedding(Embedding)
  /// The episode before it was learned from.
  case learned(episodeID: String)

  /// Puts what has a namespace of its own into another.
  package mutating func move(to namespace: String) {
    switch self {
    case .pattern(var pattern):
      pattern.namespace = namespace
      self = .pattern(pattern)
    case .heuristic(var heuristic):
      heuristic.namespace = namespace
      self = .heuristic(heuristic)
    case .relationship, .embedding, .learned: break
    }
  }

  private static let kinds = ["pattern", "heuristic", "relationship", "embedding", "learned"]

  /// The lines of a record, without their line feeds.
  package static func lines(_ record: StoredRecord) throws -> [String] {
    func line(_ kind: String, _ value: some Encodable) throws -> String {
      JSONWriter.text(of: .object([kind: try JSONValueEncoder.value(of: value)]))
    }
    switch record {
    case .episode(let episode, let embeddings):
      return [JSONWriter.text(of: try JSONValueEncoder.value(of: episode))]
        + embeddings.map(embeddingLine)
    case .learned(let episode, let embeddings):
      return [
        JSONWriter.text(of: try JSONValueEncoder.value(of: episode)),
        JSONWriter.text(of: ["learned": ["episode": .string(episode.id)]]),
      ] + embeddings.map(embeddingLine)
    case .pattern(let pattern, let embeddings):
      return [try line("pattern", pattern)] + embeddings.map(embeddingLine)
    case .heuristic(let heuristic): return [try line("heuristic", heuristic)]
    case .relationship(let relationship): return [try line("relationship", relationship)]
    }
  }

  private static func embeddingLine(_ embedding: Embedding) -> String {
    var bytes = Data(capacity: embedding.vector.count * 4)
    for number in embedding.vector {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return JSONWriter.text(of: [
      "embedding": [
        "contentHash": .string(embedding.contentHash), "model": .string(embedding.model),
        "owner": [
          "id": .string(embedding.owner.id), "kind": .string(embedding.owner.kind.rawValue),
          "part": .integer(Int64(embedding.owner.part)),
        ],
        "vector": .string(bytes.base64EncodedString()),
      ]
    ])
  }

  /// Reads a line that is of another kind than an episode; nil for every other line.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer, line: Int
  ) throws(EpisodeLineError) -> RecordLine? {
    guard let kind = kind(of: bytes) else { return nil }
    func failure(_ problem: String, field: String? = nil) -> EpisodeLineError {
      EpisodeLineError(
        line: line, field: field, problem: problem,
        advice: "expected a \(kind) as 'engram export' writes it")
    }
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONReader.value(of: bytes)
    } catch {
      throw failure("column \(error.column): \(error.problem)")
    }
    guard case .object(let fields) = value, fields.count == 1, let content = fields[kind] else {
      throw failure("has other fields beside '\(kind)'")
    }
    do {
      let decoder = JSONValueDecoder(content)
      switch kind {
      case "pattern": return .pattern(try Pattern(from: decoder))
      case "heuristic": return .heuristic(try Heuristic(from: decoder))
      case "relationship": return .relationship(try Relationship(from: decoder))
      case "learned": return .learned(episodeID: try LearnedDraft(from: decoder).episode)
      default: return .embedding(try embedding(content))
      }
    } catch let error as DecodingError {
      throw failure(EpisodeLineParser.problem(of: error), field: kind)
    } catch {
      throw failure("\(error)", field: kind)
    }
  }

  /// The kind that a line begins with, told without parsing it.
  private static func kind(of bytes: UnsafeRawBufferPointer) -> String? {
    let blanks: [UInt8] = [0x20, 0x09]
    var rest = bytes.drop { blanks.contains($0) }
    guard rest.first == UInt8(ascii: "{") else { return nil }
    rest = rest.dropFirst().drop { blanks.contains($0) }
    return kinds.first { rest.starts(with: Array("\"\($0)\"".utf8)) }
  }

  private static func embedding(_ value: JSONValue) throws -> Embedding {
    let draft = try EmbeddingDraft(from: JSONValueDecoder(value))
    guard let bytes = Data(base64Encoded: draft.vector), bytes.count % 4 == 0 else {
      throw ValidationError(
        field: "vector", problem: "is not Base64 of 32-bit floats", expected: "an exported vector")
    }
    let vector = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(
        bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
    return Embedding(
      owner: draft.owner, model: draft.model, vector: vector, contentHash: draft.contentHash)
  }

  private struct LearnedDraft: Decodable {
    var episode: String
  }

  private struct EmbeddingDraft: Decodable {
    var owner: EmbeddingOwner
    var model: String
    var contentHash: String
    var vector: String
  }
}
