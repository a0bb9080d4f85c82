import Episodes
import Testing

@Suite("Boxes around places")
struct GeographicBoxTests {
  @Test("A box around a place has the place in it, also where its radius is 0")
  func center() {
    for latitude in stride(from: -89.9, through: 89.9, by: 0.0371) {
      let place = Location(latitude: latitude, longitude: latitude * 2 - 0.123)
      for radius in [0, 0.001, 10, 1_000_000] {
        #expect(GeographicBox(around: place, radiusMeters: radius).contains(place))
      }
    }
  }

  @Test("A box that ends at the 180th meridian, or crosses it, has the places there")
  func meridian() {
    let boxes: [(west: Double, east: Double, isAtMeridian: Bool)] = [
      (170, 180, true), (-180, -170, true), (170, -170, true), (180, -180, true),
      (180, -170, true), (170, -180, true), (-180, 180, true), (180, 180, true),
      (-180, -180, true), (-170, 170, false), (170, 179.9, false), (0, 0, false),
    ]
    for (west, east, isAtMeridian) in boxes {
      let box = GeographicBox(south: -10, west: west, north: 10, east: east)
      for longitude in [-180.0, 180] {
        #expect(
          box.contains(Location(latitude: 1, longitude: longitude)) == isAtMeridian,
          "\(longitude) in \(west) to \(east)")
        #expect(!box.contains(Location(latitude: 11, longitude: longitude)))
      }
      let hasInside = west == 170 || west == -180 && east == 180
      #expect(box.contains(Location(latitude: 0, longitude: 175)) == hasInside)
    }
  }
}
