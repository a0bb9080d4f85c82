#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where episodes took place. An episode without a location is nowhere.
public enum PlaceFilter: Hashable, Sendable {
  case box(GeographicBox)
  /// At most `radiusMeters` from `center`, along the surface.
  case near(center: Location, radiusMeters: Double)

  /// The box that holds the whole place.
  public var box: GeographicBox {
    switch self {
    case .box(let box): box
    case .near(let center, let radius): GeographicBox(around: center, radiusMeters: radius)
    }
  }

  /// The largest square of half the chord (of a sphere of radius 1) from the centre; nil for a box.
  public var halfChordSquareMax: Double? {
    guard case .near(_, let radius) = self else { return nil }
    let angle = radius / (2 * GeographicBox.earthRadiusMeters)
    return angle >= .pi / 2 ? 2 : sin(angle) * sin(angle)
  }

  public func contains(_ place: Location) -> Bool {
    guard box.contains(place) else { return false }
    guard case .near(let center, _) = self, let most = halfChordSquareMax else { return true }
    return GeographicBox.halfChordSquare(from: center, to: place) <= most
  }

  /// - Throws: ``ValidationError`` when it is no place on Earth.
  package func validate() throws(ValidationError) {
    let numbers: [Double]
    switch self {
    case .box(let box): numbers = [box.south, box.west, box.north, box.east]
    case .near(let center, let radius): numbers = [center.latitude, center.longitude, radius]
    }
    guard numbers.allSatisfy(\.isFinite) else {
      throw ValidationError(
        field: "place", problem: "holds a number that is not finite", expected: "degrees and metres"
      )
    }
    switch self {
    case .box(let box):
      guard box.south <= box.north, (-90...90).contains(box.south), (-90...90).contains(box.north)
      else {
        throw ValidationError(
          field: "place", problem: "reaches from latitude \(box.south) to \(box.north)",
          expected: "two latitudes from -90 to 90, the southern first")
      }
      guard (-180...180).contains(box.west), (-180...180).contains(box.east) else {
        throw ValidationError(
          field: "place", problem: "reaches from longitude \(box.west) to \(box.east)",
          expected: "two longitudes from -180 to 180")
      }
    case .near(let center, let radius):
      guard (-90...90).contains(center.latitude), (-180...180).contains(center.longitude) else {
        throw ValidationError(
          field: "place", problem: "is \(center.latitude), \(center.longitude)",
          expected: "a latitude from -90 to 90 and a longitude from -180 to 180")
      }
      guard radius >= 0 else {
        throw ValidationError(
          field: "place", problem: "has a radius of \(radius) m", expected: "0 or more")
      }
    }
  }
}
