import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("The page")
struct PageTests {
  @Test("is served whole, under a policy that lets nothing else run")
  func files() async throws {
    try await TestServer.with { server in
      #expect(PageFile.all.count > 10)
      for file in PageFile.all {
        let reply = try await server.http.send("GET", file.path)
        #expect(reply.status == 200, "\(file.path)")
        #expect(reply.body == file.bytes, "\(file.path)")
        #expect(reply.headers["content-type"] == file.type)
        #expect(reply.headers["cache-control"] == "no-cache")
        #expect(reply.headers["x-content-type-options"] == "nosniff")
        let policy = reply.headers["content-security-policy"] ?? ""
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("require-trusted-types-for 'script'"))
        #expect(!policy.contains("unsafe"))
      }
      let post = try await server.http.send("POST", "/", json: [:])
      #expect(post.status == 405)
      #expect(post.headers["allow"] == "GET")
    }
  }

  @Test("names no file of another server, and has no script or style within it")
  func references() {
    let paths = Set(PageFile.all.map(\.path))
    for file in PageFile.all {
      let text = String(decoding: file.bytes, as: UTF8.self)
      // The name of a namespace is no address that is asked.
      let outside = text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
      #expect(!outside.contains("://"), "\(file.path)")
      for markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        #expect(!text.contains(markup), "\(file.path): \(markup)")
      }
      if file.path == "/" {
        for name in text.matches(of: /(?:src|href)="([^"#]+)"/).map({ String($0.1) }) {
          #expect(paths.contains(name), "\(name)")
        }
        #expect(!text.contains("<style") && !text.contains(" style=") && !text.contains(" onclick"))
      }
      for found in text.matches(of: /from "\.\/([a-z]+)\.js"/) {
        #expect(paths.contains("/page/\(found.1).js"), "\(file.path): \(found.1)")
      }
    }
  }

  @Test("is not sent again to who has it")
  func tags() async throws {
    try await TestServer.with { server in
      let first = try await server.http.send("GET", "/page/app.js")
      let tag = try #require(first.headers["etag"])
      for header in [tag, "W/" + tag, "\"other\", " + tag, "*"] {
        let again = try await server.http.send(
          "GET", "/page/app.js", headers: ["If-None-Match": header])
        #expect(again.status == 304, "\(header)")
        #expect(again.body.isEmpty)
        #expect(again.headers["etag"] == tag)
      }
      let other = try await server.http.send(
        "GET", "/page/app.js", headers: ["If-None-Match": "\"other\""])
      #expect(other.status == 200)
      #expect(Set(PageFile.all.map(\.tag)).count == PageFile.all.count)
      let head = try await server.http.send("HEAD", "/")
      #expect(head.status == 200 && head.body.isEmpty)
    }
  }

  @Test("can be opened without the token and from a link, and nothing else can")
  func openness() async throws {
    let token = try BearerToken("sesame-sesame-sesame")
    try await TestServer.with(.changed { $0.token = token }) { server in
      func status(
        _ path: String, _ headers: [String: String] = [:]
      ) async throws -> Int {
        try await server.http.send("GET", path, headers: headers).status
      }
      for file in PageFile.all {
        let found = try await status(file.path)
        #expect(found == 200, "\(file.path)")
      }
      let link = [
        "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
      ]
      let frame = link.merging(["Sec-Fetch-Dest": "iframe"]) { $1 }
      let statuses = [
        try await status("/v1/status"), try await status("/", link),
        try await status("/v1/status", link), try await status("/", frame),
      ]
      #expect(statuses == [401, 200, 403, 403])
    }
  }
}
