public import ArgumentParser
internal import Engram

/// A part of the score of a search, by name.
public enum SearchWeight: String, CaseIterable, Sendable, ExpressibleByArgument {
  case semantic, text, neighbors, session, substance, recency, reward, context, effectiveness

  var path: any WritableKeyPath<RetrievalWeights, Double> & Sendable {
    switch self {
    case .semantic: \.semantic
    case .text: \.text
    case .neighbors: \.neighbors
    case .session: \.session
    case .substance: \.substance
    case .recency: \.recency
    case .reward: \.reward
    case .context: \.context
    case .effectiveness: \.effectiveness
    }
  }

  /// What it weighs, in one line.
  var summary: String {
    switch self {
    case .semantic: "likeness of meaning, as a share of the best candidate's"
    case .text: "the question's words in the episode"
    case .neighbors: "the same words in the episodes before and after in the session, within text"
    case .session: "the best hit of the session"
    case .substance: "how much a turn of a session says"
    case .recency: "how lately it was started"
    case .reward: "how well it ended"
    case .context: "domain, language, framework and tags that the asker has too"
    case .effectiveness: "how often patterns applied in it helped"
    }
  }

  /// Reads `name=number`, again and again.
  ///
  /// - Throws: a `ValidationError` that names what is wrong.
  static func weights(_ arguments: [String], over weights: RetrievalWeights) throws
    -> RetrievalWeights
  {
    var weights = weights
    for argument in arguments {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let weight = SearchWeight(rawValue: parts[0]) else {
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError(
          "--weight '\(argument)' names no part of the score; expected NAME=NUMBER with one of \(names)"
        )
      }
      guard let value = Double(parts[1]), (0...1000).contains(value) else {
        throw ValidationError("--weight \(weight.rawValue) is '\(parts[1])'; expected 0 to 1000")
      }
      weights[keyPath: weight.path] = value
    }
    return weights
  }
}
