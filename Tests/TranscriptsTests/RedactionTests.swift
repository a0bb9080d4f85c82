import Episodes
import Testing

@testable import Transcripts

/// Keys that no scanner of secrets takes for real: they are put together here.
private func made(_ parts: String...) -> String { parts.joined() }

private let digits = "4f9Kq2Lm8Xw1Zc7Vb3Nt6Ry0Pd5Gh"

@Suite("Secrets are taken out of transcripts")
struct RedactionTests {
  private func redacted(_ text: String) -> (text: String, counts: [SecretKind: Int]) {
    var redactor = SecretRedactor()
    let result = redactor.redacted(text)
    return (result, redactor.counts)
  }

  @Test(
    "Tokens that their beginning tells",
    arguments: [
      made("sk-", "ant-api03-", digits), made("sk-", "proj-", digits), made("gh", "p_", digits),
      made("github", "_pat_", digits), made("gl", "pat-", digits), made("xo", "xb-12345-", digits),
      made("AK", "IA", "Q7R4T2W9Z1X5C8V3"), made("AI", "za", digits, "abc12"),
      made("np", "m_", digits, "abc123"), made("hf", "_", digits), made("sk", "_live_", digits),
      made("SG", ".", digits, ".", digits), made("hv", "s.", digits), made("whs", "ec_", digits),
      made("AGE-SECRET", "-KEY-1", digits),
    ])
  func tokens(token: String) {
    for text in ["use \(token) here", "\"\(token)\"", "url?x=\(token)&y=1", token] {
      let (result, counts) = redacted(text)
      #expect(!result.contains(token.suffix(12)), "\(result)")
      #expect(counts[.token] == 1)
    }
  }

  @Test("Blocks of private keys, whole, cut, and in JSON")
  func privateKeys() {
    let head = made("-----BEGIN RSA ", "PRIVATE KEY-----")
    let tail = made("-----END RSA ", "PRIVATE KEY-----")
    for body in ["\nMIIEow\nIBAAKC\n", "\\nMIIEow\\nIBAAKC\\n"] {
      #expect(redacted("a \(head)\(body)\(tail) b").text == "a [redacted: privateKey] b")
      #expect(redacted("a \(head)\(body)").text == "a [redacted: privateKey]")
    }
    let public1 = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"
    #expect(redacted(public1).text == public1)
  }

  @Test("Headers, web tokens and passwords in addresses")
  func headers() {
    let web = made("ey", "JhbGciOiJIUzI1NiJ9", ".ey", "JzdWIiOiIxMjM0NTY3ODkwIn0", ".", digits)
    #expect(redacted("token is \(web).").counts[.webToken] == 1)
    let bearer = redacted("curl -H 'Authorization: Bearer \(digits)' x")
    #expect(bearer.text == "curl -H 'Authorization: Bearer [redacted: authorization]' x")
    let basic = redacted("Authorization: Basic YW5uOnNlY3JldA==")
    #expect(basic.text == "Authorization: Basic [redacted: authorization]")
    let address = redacted(made("postgres://ann:", "hunter", "2@db.example.com:5432/shop"))
    #expect(
      address.text == "postgres://ann:[redacted: connectionPassword]@db.example.com:5432/shop")
    #expect(address.counts == [.connectionPassword: 1])
  }

  @Test(
    "Values whose names tell",
    arguments: [
      ("API_KEY=", "abc-def-ghi", ""), ("export DB_PASSWORD=", "correcthorse", "\n"),
      ("AWS_SECRET_ACCESS_KEY=", "wJalrXUtnFEMI/K7MDENG", " x"), ("password: \"", "hunter", "\""),
      (#"{"client_secret": ""#, "abcdef", #""}"#), ("run --password ", "swordfish", " now"),
      (#"{\"apiKey\": \""#, "qwerty12", #"\"}"#), ("AccountKey=", "c2VjcmV0IQ1x", ";"),
      ("token: ", "a1b2c3d4e5", ""), ("password: ", "correcthorse", ""),
      ("DB password: ", "swordfish", "\nuser: ann"), ("passwd=", "hunter", " next"),
      ("{'user': 'ann', 'password': '", "swordfish", "'}"), ("password:\n  ", "hunter2horse", "\n"),
      ("token =\r\n    \"", "abcdefgh", "\"\r\n"), ("Here is the token:\n", "abc1234defg", ""),
    ])
  func named(before: String, value: String, after: String) {
    let (text, counts) = redacted(before + value + after)
    #expect(text == before + "[redacted: namedValue]" + after)
    #expect(counts == [.namedValue: 1])
  }

  @Test("Fields of parameters with the name of a secret go as a whole")
  func fields() {
    var redactor = SecretRedactor()
    let value: JSONValue = [
      "env": ["DB_PASSWORD": "plain words", "PATH": "/bin"], "max_tokens": 100, "list": ["a", "b"],
    ]
    let expected: JSONValue = [
      "env": ["DB_PASSWORD": "[redacted: namedValue]", "PATH": "/bin"], "max_tokens": 100,
      "list": ["a", "b"],
    ]
    #expect(redactor.redacted(value) == expected)
    #expect(redactor.counts == [.namedValue: 1])
  }

  @Test("Long random words")
  func random() {
    let word = "q9ZtX2vLr7BkW4mPs1YdH8cJf3NgA6uE0oTi5RwQ"
    #expect(redacted("key \(word)").text == "key [redacted: highEntropy]")
    let long = String(repeating: word, count: 40)
    #expect(redacted("key \(long)== end").text == "key [redacted: highEntropy] end")
    let counts = redacted("https://example.com/hooks/\(word)").counts
    #expect(counts == [.highEntropy: 1])
    // Of file names that look random the paths stay whole.
    for path in ["/tmp/cache/\(word)/a.o", "~/src/\(word)", "OUT=/nix/store/\(word)/bin/x"] {
      #expect(redacted("rm \(path)").text == "rm \(path)")
    }
  }

  @Test(
    "What only looks like a secret stays",
    arguments: [
      "commit 3f786850e387550fdab836ed7e6dc881de23001b",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "id 0199a213-81c0-7800-8aa1-bbab2a035a53", "sk-learn-contrib-extensions-and-more",
      "/usr/lib/python3/dist-packages/numpy/core/include/numpy/ndarraytypes.h",
      "integrity sha512-9ZtX2vLr7BkW4mPs1YdH8cJf3NgA6uE0oTi5RwQq/9ZtX2vLr7BkW4mPs1YdH8cJf3NgAoTi5==",
      "let token = nextToken(from: scanner)", "password: String", "max_tokens: 4096",
      "enter the password: then press return", "login(password=password)", "passwd: null",
      "password=getpass()", "password:\n  secretKeyRef:\n    name: database",
      "self.password = password", "credentials:\n  username1234: x",
      "thisIsAVeryLongCamelCaseIdentifierForATestOfTheRules",
      "the secret: never give up, and the token: none", "api_key = os.environ[\"API_KEY\"]",
      "TOKEN=$GITHUB_TOKEN", "https://example.com:8080/a@b", "primary_key=customer_id",
      "Bearer of bad news", "test_login_fails_when_the_password_is_wrong_and_the_user_is_locked",
    ])
  func harmless(text: String) {
    let (result, counts) = redacted(text)
    #expect(result == text)
    #expect(counts.isEmpty)
  }

  @Test("A pattern of the user's own, and one that is none")
  func patterns() throws {
    var redactor = SecretRedactor(patterns: [try RedactionPattern("ACME-[0-9]{4}")])
    #expect(
      redactor.redacted("ACME-1234 and ACME-99")
        == "[redacted: userPattern] and ACME-99")
    #expect(redactor.counts == [.userPattern: 1])
    #expect(throws: (any Error).self) { try RedactionPattern("(") }
  }

  @Test("Secrets go from every part of an episode, and from both ends of a text that is cut")
  func episodes() throws {
    let key = made("sk-", "ant-api03-", digits)
    let filler = String(repeating: "lorem ipsum ", count: 10_000)
    let lines = [
      #"{"role": "user", "content": "deploy with \#(key)"}"#,
      #"{"role": "assistant", "tool_calls": [{"id": "a", "function": {"name": "run", "arguments": "{\"command\": \"curl \#(key)\", \"env\": {\"A\": \"\#(key)\"}}"}}]}"#,
      #"{"role": "tool", "tool_call_id": "a", "content": "\#(key) \#(filler) \#(key)"}"#,
      #"{"role": "assistant", "content": "used \#(key)"}"#,
    ]
    let episodes = TranscriptParser.episodes(.openAI, lines)
    let episode = try #require(episodes.first)
    #expect(!"\(episode)".contains(digits.prefix(10)))
    #expect("\(episode)".contains("[redacted: token]"))
    guard case .success(let output)? = episode.steps[0].result else {
      Issue.record("no output")
      return
    }
    #expect(output.hasPrefix("[redacted: token]") && output.hasSuffix("[redacted: token]"))
  }
}
