public import Episodes
internal import Foundation

/// A part of the Earth between two parallels and two meridians, in degrees.
public struct GeographicBox: Hashable, Sendable {
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
    let angle = radiusMeters / Self.earthRadiusMeters
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
  static let earthRadiusMeters = 6_371_008.8

  /// The distance of two places along the surface (haversine), in metres.
  public static func distanceMeters(from first: Location, to second: Location) -> Double {
    let radians = Double.pi / 180
    let latitudes = (first.latitude * radians, second.latitude * radians)
    let halfHeight = sin((latitudes.1 - latitudes.0) / 2)
    let halfWidth = sin((second.longitude - first.longitude) * radians / 2)
    let square =
      halfHeight * halfHeight + cos(latitudes.0) * cos(latitudes.1) * halfWidth * halfWidth
    return 2 * earthRadiusMeters * asin(min(1, square.squareRoot()))
  }

  /// The ranges of longitude; two when the box crosses the 180th meridian.
  var longitudeRanges: [(west: Double, east: Double)] {
    west <= east ? [(west, east)] : [(west, 180), (-180, east)]
  }

  private static func wrap(_ longitude: Double) -> Double {
    longitude < -180 ? longitude + 360 : longitude > 180 ? longitude - 360 : longitude
  }
}
