internal import Episodes

/// The filter of a question in a file.
struct QuestionFilter: Decodable {
  var filter = EpisodeFilter()

  private enum Key: String, CaseIterable {
    case namespace, agentID, sessionID, domain, taskType, outcome, language, framework
    case since, until, asOf, isCurrent, isFinished, tag, tagsAny, tagsAll, metadata, near, within
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// What is wrong with a condition, said of its field.
  private static func naming<Value>(_ field: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      throw ValidationError(
        field: "filter.\(field)", problem: "is not right: \(error)",
        expected: "what 'engram search' takes")
    }
  }

  /// - Throws: ``ValidationError`` for a field that is none of a filter: left out it would let in episodes
  ///   that were not to be found.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    for key in container.allKeys {
      func value<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        do {
          return try container.decode(Value.self, forKey: key)
        } catch {
          throw ValidationError(
            field: "filter.\(key.stringValue)", problem: "is not what it should be",
            expected: "\(Value.self)")
        }
      }
      switch Key(rawValue: key.stringValue) {
      case .namespace: filter.namespace = try value()
      case .agentID: filter.agentID = try value()
      case .sessionID: filter.sessionID = try value()
      case .domain: filter.domain = try value()
      case .taskType: filter.taskType = try value(TaskType.self)
      case .outcome: filter.outcome = try value(TaskOutcome.Kind.self)
      case .language: filter.language = try value()
      case .framework: filter.framework = try value()
      case .since: filter.since = try value(Timestamp.self)
      case .until: filter.until = try value(Timestamp.self)
      case .asOf: filter.asOf = try value(Timestamp.self)
      case .isCurrent: filter.isCurrent = try value()
      case .isFinished: filter.isFinished = try value(Bool.self)
      case .metadata:
        if let values = try? container.decode([String: String].self, forKey: key) {
          filter.metadata = .all(
            values.sorted { $0.key < $1.key }.map { .equals(key: $0.key, value: $0.value) })
        } else {
          let conditions = try value([String].self)
          filter.metadata = try Self.naming(key.stringValue) {
            try MetadataArgument.predicate(all: conditions, any: [])
          }
        }
      case .near:
        let text = try value(String.self)
        filter.place = try Self.naming(key.stringValue) { try PlaceArgument.near(text) }
      case .within:
        let text = try value(String.self)
        filter.place = try Self.naming(key.stringValue) { try PlaceArgument.box(text) }
      case .tag: filter.tagsAll.append(try value(Tag.self))
      case .tagsAny: filter.tagsAny = try value([Tag].self)
      case .tagsAll: filter.tagsAll += try value([Tag].self)
      case nil:
        throw ValidationError(
          field: "filter.\(key.stringValue)", problem: "is no field of a filter",
          expected: Key.allCases.map(\.rawValue).joined(separator: ", "))
      }
    }
  }
}
