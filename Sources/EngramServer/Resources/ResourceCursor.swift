internal import Foundation

/// Where the next page of the list of resources begins: episodes come first, then patterns. Clients see Base64.
enum ResourceCursor: Hashable, Sendable {
  case episodes(after: String)
  case patterns(after: String)

  init?(_ text: String) {
    guard let data = Data(base64Encoded: text),
      let plain = String(validating: data, as: UTF8.self), let kind = plain.first
    else { return nil }
    let place = String(plain.dropFirst())
    switch kind {
    case "e" where !place.isEmpty: self = .episodes(after: place)
    case "p": self = .patterns(after: place)
    default: return nil
    }
  }

  var text: String {
    let plain =
      switch self {
      case .episodes(let place): "e" + place
      case .patterns(let place): "p" + place
      }
    return Data(plain.utf8).base64EncodedString()
  }
}
