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
}
