internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

/// Which way links are followed, as typed.
enum DirectionName: String, ExpressibleByArgument, CaseIterable {
  case outgoing, incoming, both

  var direction: RelationshipDirection {
    switch self {
    case .outgoing: .outgoing
    case .incoming: .incoming
    case .both: .both
    }
  }
}
