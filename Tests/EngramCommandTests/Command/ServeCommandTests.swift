import Foundation
import Testing

@Suite("engram serve: what it does not start with")
struct ServeCommandTests {
  @Test("half of a certificate and key, wherever it is set")
  func halfAnIdentity() throws {
    let home = try CommandHome()
    expectFailure(
      try EngramProcess.run(
        ["serve", "--port", "0", "--home", home.path, "--certificate", "a.pem"]), status: 64,
      naming: "--certificate is set and --key is not")
    expectFailure(
      try EngramProcess.run(
        ["serve", "--port", "0", "--home", home.path], environment: ["ENGRAM_HTTP_KEY": "a.pem"]),
      status: 64, naming: "--key is set and --certificate is not")
  }

  @Test("files that are not there, named by the configuration file")
  func missingFiles() throws {
    let home = try CommandHome()
    let folder = try TemporaryFolder()
    _ = try folder.write(
      "[http]\ncertificate = \"/none/certificate.pem\"\nkey = \"/none/key.pem\"\n",
      to: "engram/config.toml")
    expectFailure(
      try EngramProcess.run(
        ["serve", "--port", "0", "--home", home.path],
        environment: ["XDG_CONFIG_HOME": folder.path(".")]), status: 64,
      naming: "/none/certificate.pem", "is not there")
    #expect(!FileManager.default.fileExists(atPath: home.path))
  }
}
