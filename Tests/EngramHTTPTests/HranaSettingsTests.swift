import EngramHTTP
import Testing

@Suite("Settings for libSQL clients")
struct HranaSettingsTests {
  @Test("A token to read needs one to write, without which anybody could write")
  func tokens() throws {
    let token = try BearerToken("a-token-of-the-server")
    var settings = HTTPSettings()
    settings.hrana = HranaSettings(
      databasePath: "test.db", readToken: try BearerToken("a-token-to-read-only"))
    let error = #expect(throws: HTTPSettingsError.self) { try settings.validate() }
    #expect(error?.problem.contains("read") == true)
    settings.token = token
    try settings.validate()
    settings.token = nil
    settings.hrana?.readToken = nil
    try settings.validate()
  }
}
