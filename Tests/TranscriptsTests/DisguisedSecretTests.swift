import Episodes
import Testing

@testable import Transcripts

/// Keys that no scanner of secrets takes for real: they are put together here.
private func made(_ parts: String...) -> String { parts.joined() }

private let digits = "4f9Kq2Lm8Xw1Zc7Vb3Nt6Ry0Pd5Gh"
private let cloudKey = made("AK", "IA", "Q7R4T2W9Z1X5C8V3")

@Suite("Secrets that are hard to see are taken out of transcripts")
struct DisguisedSecretTests {
  private func redacted(_ text: String) -> String {
    var redactor = SecretRedactor()
    return redactor.redacted(text)
  }

  private func kept(_ text: String) -> String {
    var redactor = SecretRedactor()
    return BoundedText.kept(text, bytesMax: 4_000, &redactor)
  }

  @Test(
    "Between escapes, in colours, and with control characters in them",
    arguments: [
      "\u{1B}[32m\(cloudKey)\u{1B}[0m", "\u{1B}[1;31m\(cloudKey)", "[32m\(cloudKey)[0m",
      "a\\n\(cloudKey)", "\\u0022\(cloudKey)", "\\x1b[1m\(cloudKey)", "q%3D\(cloudKey)",
      "one\u{0}\(cloudKey)", "one\r\(cloudKey)",
      cloudKey.prefix(8) + "\u{0}" + cloudKey.dropFirst(8),
      cloudKey.prefix(8) + "\u{1B}[0m" + cloudKey.dropFirst(8),
    ])
  func escapes(text: String) {
    #expect(kept(text).contains("[redacted: token]"))
    #expect(!kept(text).contains(cloudKey.suffix(8)))
    var redactor = SecretRedactor()
    let value = BoundedText.kept(.object(["x": .string(text)]), &redactor)
    #expect(value["x"]?.text?.contains(cloudKey.suffix(8)) == false)
    #expect(redactor.counts == [.token: 1])
  }

  @Test(
    "Behind headers and names in any quotes, whole",
    arguments: [
      (#"{"Authorization": ""#, "Basic ", "dXNlcjpwYXNzd29yZDEyMw==", #""}"#),
      (#"{\"Authorization\": \""#, "Basic ", "dXNlcjpwYXNzd29yZDEyMw==", #"\"}"#),
      (#"{"password": ""#, "", #"hunter\u0026verysecrettail99"#, #""}"#),
      (#"{"password": ""#, "", #"p\"ssw0rd99secret"#, #"", "a": 1}"#),
      (#"{\"password\": \""#, "", #"p\\\"ssw0rd99secret"#, #"\", \"a\": 1}"#),
      (#"password: ""#, "", "$ecretP4ssw0rd", #"""#),
      ("--password=", "", "swordfishes", " x"), ("DB_PASS=", "", "hunter22x", ""),
      ("SECRET_KEY_BASE=", "", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", ""),
      ("_auth=", "", "dXNlcjpwYXNz1x", ""), ("<password>", "", "hunter22abc", "</password>"),
      ("machine h login bob password ", "", "hunter22abc", ""),
      ("curl -u alice:", "", "hunter22", " https://h"),
      ("postgres://user:", "", "p@ssw0rdtail", "@host/db"),
      ("Cookie: ", "", "session=0f1e2d3c4b5a69788796a5b4c3d2e1f0; a=b", ""),
      ("Cookie: ", "", "[session=0f1e2d3c4b5a69788796a5b4c3d2e1f0; a=b", ""),
      ("https://h/x?sig=", "", "a1b2c3d4e5f6%2Bx", ""),
      (
        made("https://hooks.", "slack.com/services/"), "", "T01234567/B01234567/4f9Kq2Lm8Xw1Zc7Vb3",
        ""
      ),
    ])
  func names(before: String, scheme: String, value: String, after: String) throws {
    let text = redacted(before + scheme + value + after)
    let start = before + scheme + "[redacted: "
    #expect(text.hasPrefix(start), "\(text)")
    #expect(text.hasSuffix("]" + after), "\(text)")
    #expect(!text.contains(value.suffix(4)), "\(text)")
  }

  @Test("Of a private key in JSON nothing stays")
  func privateKeys() {
    let key = made("-----BEGIN ", "PRIVATE KEY-----") + #"\nMIIEow\nshort==\n"#
    let whole = key + made("-----END ", "PRIVATE KEY-----") + #"\n"#
    #expect(
      redacted(#"{"private_key": "\#(whole)", "a": 1}"#)
        == #"{"private_key": "[redacted: privateKey]\n", "a": 1}"#)
    let block = made("-----BEGIN PGP ", "PRIVATE KEY BLOCK-----") + "\nlQOY\n"
    #expect(
      redacted(block + made("-----END PGP ", "PRIVATE KEY BLOCK-----") + " and more")
        == "[redacted: privateKey] and more")
  }

  @Test("Lists of words, numbers and all that is below a secret name in parameters")
  func parameters() {
    var redactor = SecretRedactor()
    let value: JSONValue = [
      "command": ["mysql", "--password", "hunter22x", "--host", "db"],
      "password": ["value": "hunter33x", "list": ["hunter44x"]], "token": 12_345_678,
      "header": ["key": "token", "value": "hunter55x"], "Authorization": "Basic aHVudGVy",
      "tokens": ["password": true], "nothing": ["secret": nil, "db_pass": 7],
    ]
    let text = "[redacted: namedValue]"
    let expected: JSONValue = [
      "command": ["mysql", "--password", .string(text), "--host", "db"],
      "password": ["value": .string(text), "list": [.string(text)]], "token": .string(text),
      "header": ["key": "token", "value": .string(text)], "Authorization": .string(text),
      "tokens": ["password": true], "nothing": ["secret": nil, "db_pass": 7],
    ]
    let safe = redactor.redacted(value)
    #expect(safe == expected)
    #expect(redactor.redacted(safe) == expected && redactor.counts == [.namedValue: 6])
  }

  @Test("From the action of a step, the folder, the branch and the ids of a session")
  func sessions() throws {
    let key = made("gh", "p_", digits)
    let name = "cwd"
    let episodes = TranscriptParser.episodes(
      .claudeCode,
      [
        #"{"type":"user","uuid":"\#(key)","sessionId":"\#(key)","\#(name)":"/home/ann/\#(key)/x\u0000y","gitBranch":"\#(key)","version":"\#(key)","message":{"role":"user","content":"fix it"}}"#,
        #"{"type":"assistant","uuid":"b","sessionId":"\#(key)","cwd":"/home/ann/\#(key)/x\u0000y","message":{"role":"assistant","model":"\#(key)","content":[{"type":"tool_use","id":"t","name":"shell","input":{"command":["mysql","--password","hunter22x"]}}]}}"#,
      ])
    let episode = try #require(episodes.first)
    try episode.validate()
    #expect(!"\(episode)".contains(digits.prefix(10)) && !"\(episode)".contains("hunter22x"))
    let domain = episode.context.domain
    #expect(domain.hasSuffix("y") && !domain.contains("\u{0}"))
    #expect(episode.steps.first?.action == "mysql --password [redacted: namedValue]")
  }

  @Test(
    "What only looks like a secret stays",
    arguments: [
      "github.com/a/b v1.0.0 h1:q9ZtX2vLr7BkW4mPs1YdH8cJf3NgA6uE0oTi5RwQ9ZtX=",
      "TOKEN=\"$GITHUB_TOKEN\"", "password: \"${DB_PASSWORD}\"", "docker run -u 1000:1000 image",
      "the bypass=trespassing1", "<token>$1</token>", "Cookie: none", "see the password page",
      "postgres://user:$DB_PASSWORD@host/db",
    ])
  func harmless(text: String) {
    #expect(redacted(text) == text)
  }

  @Test(
    "A check sum is told by its number: other words before a colon are none",
    arguments: ["shared:", "shadow:"])
  func checkSums(name: String) {
    #expect(
      redacted(name + "q9ZtX2vLr7BkW4mPs1YdH8cJf3NgA6uE0oTi5RwQ")
        == name + "[redacted: highEntropy]")
  }

  @Test(
    "Texts that are made to be slow are not",
    arguments: [
      "sk-a.", "token=", "token: ", "eyJaaaaaaaaa.", "TOKEN=$A", "cookie: ", "://a:@", "a/",
      "<token>",
      "token=\"$", "-u a:", "password ", "bearer ", "-----BEGIN PRIVATE KE", "\\\"token\\\":\\\"",
      "\\u0041", "basic ", "TOKEN=${", "cookie:<=", "token=${1",
    ])
  func slow(part: String) {
    let text = String(repeating: part, count: 60_000 / part.utf8.count)
    let clock = ContinuousClock()
    let plain = String(repeating: "lorem ipsum ", count: 5_000)
    // A share of the machine's own speed, with room for others on it.
    let usual = clock.measure { _ = redacted(plain) }
    let time = clock.measure { _ = redacted(text) }
    #expect(time < usual * 100 + .seconds(1), "\(time), plain text \(usual)")
  }
}
