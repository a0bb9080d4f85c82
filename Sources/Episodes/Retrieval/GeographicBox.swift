#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A part of the Earth between two parallels and two meridians, in degrees.
public struct GeographicBox: Hashable, Sendable, Codable {
  public var south: Double
  public var west: Double
  public var north: Double
  /// Less than ``west`` when the box crosses the 180th meridian.
  public var east: Double

  public init(south: Double, west: Double, north: Double, east: Double) {
    self.south = south
    self.west = west
    self.north = north
    self.east = east
  }

  /// The smallest box around a circle on the sphere.
  ///
  /// Source: J. P. Matuschek, "Finding Points Within a Distance of a Latitude/Longitude".
  public init(around center: Location, radiusMeters: Double) {
    // A hair wider, for what rounding takes away: whoever uses the box measures the distance itself.
    let angle = radiusMeters / Self.earthRadiusMeters + 1e-12
    let latitude = center.latitude * .pi / 180
    let south = latitude - angle
    let north = latitude + angle
    guard angle < .pi / 2, south > -.pi / 2, north < .pi / 2 else {
      // A circle around a pole touches every meridian.
      self.init(
        south: max(-90, south * 180 / .pi), west: -180, north: min(90, north * 180 / .pi),
        east: 180)
      return
    }
    let span = asin(min(1, sin(angle) / cos(latitude))) * 180 / .pi
    self.init(
      south: south * 180 / .pi, west: Self.wrap(center.longitude - span),
      north: north * 180 / .pi, east: Self.wrap(center.longitude + span))
    if span >= 180 { (west, east) = (-180, 180) }
  }

  /// The mean radius of the Earth (IUGG R1).
  public static let earthRadiusMeters = 6_371_008.8

  /// The distance of two places along the surface (haversine), in metres.
  public static func distanceMeters(from first: Location, to second: Location) -> Double {
    2 * earthRadiusMeters
      * asin(min(1, halfChordSquare(from: first, to: second).squareRoot()))
  }

  /// The square of half the straight line between two places of a sphere of radius 1: it rises with
  /// the distance, and is faster to compute.
  static func halfChordSquare(from first: Location, to second: Location) -> Double {
    // π/180 and π/360, spelled as in the store's SQL, so that both give the same number.
    let radians = 0.017453292519943295
    let halfRadians = 0.008726646259971648
    let halfHeight = sin((second.latitude - first.latitude) * halfRadians)
    let halfWidth = sin((second.longitude - first.longitude) * halfRadians)
    return halfHeight * halfHeight
      + cos(first.latitude * radians) * cos(second.latitude * radians) * halfWidth * halfWidth
  }

  /// Whether `place` lies in the box, edges included.
  public func contains(_ place: Location) -> Bool {
    place.latitude >= south && place.latitude <= north
      && longitudeRanges.contains { place.longitude >= $0.west && place.longitude <= $0.east }
  }

  /// The ranges of longitude; two when the box crosses the 180th meridian, or ends at it: the places there are
  /// written as 180 or as -180 degrees.
  public var longitudeRanges: [(west: Double, east: Double)] {
    if west > east { return [(west, 180), (-180, east)] }
    if west == -180, east < 180 { return [(west, east), (180, 180)] }
    if east == 180, west > -180 { return [(west, east), (-180, -180)] }
    return [(west, east)]
  }

  private static func wrap(_ longitude: Double) -> Double {
    longitude < -180 ? longitude + 360 : longitude > 180 ? longitude - 360 : longitude
  }
}
