internal import Crypto
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A file of the page at `/`: part of the program, so that it is there wherever that is.
struct PageFile: Sendable {
  let path: String
  let type: String
  let bytes: [UInt8]
  /// Changes with the bytes.
  let tag: String

  private init(_ path: String, _ type: String, _ bytes: [UInt8]) {
    self.path = path
    self.type = type
    self.bytes = bytes
    let digest = SHA256.hash(data: bytes).prefix(12)
    tag = "\"" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
  }

  private init(script name: String, _ bytes: [UInt8]) {
    self.init("/page/\(name).js", "text/javascript; charset=utf-8", bytes)
  }

  static let all = [
    PageFile("/", "text/html; charset=utf-8", PackageResources.index_html),
    PageFile("/page/style.css", "text/css; charset=utf-8", PackageResources.style_css),
    PageFile("/page/icon.svg", "image/svg+xml", PackageResources.icon_svg),
    PageFile(script: "app", PackageResources.app_js),
    PageFile(script: "api", PackageResources.api_js),
    PageFile(script: "dom", PackageResources.dom_js),
    PageFile(script: "format", PackageResources.format_js),
    PageFile(script: "chart", PackageResources.chart_js),
    PageFile(script: "search", PackageResources.search_js),
    PageFile(script: "episode", PackageResources.episode_js),
    PageFile(script: "patterns", PackageResources.patterns_js),
    PageFile(script: "pattern", PackageResources.pattern_js),
    PageFile(script: "map", PackageResources.map_js),
    PageFile(script: "health", PackageResources.health_js),
    PageFile(script: "benchmarks", PackageResources.benchmarks_js),
  ]

  /// Nothing but the files of the page runs or is shown, nothing is asked of others, and no text can become markup:
  /// episodes hold what anybody wrote.
  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
    "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].joined(separator: "; ")

  /// The file, or that the client has it.
  func response(to request: Request) -> Response {
    var headers: HTTPFields = [
      .eTag: tag,
      // Asked for anew each time, and sent where it has changed.
      .cacheControl: "no-cache",
    ]
    if Self.names(request.headers[.ifNoneMatch], tag) {
      return Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = type
    headers[.contentSecurityPolicy] = Self.policy
    headers[.referrerPolicy] = "no-referrer"
    headers[.openerPolicy] = "same-origin"
    headers[.resourcePolicy] = "same-origin"
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private static func names(_ header: String?, _ tag: String) -> Bool {
    guard let header else { return false }
    return header.split(separator: ",").contains { item in
      let given = item.filter { $0 != " " }
      return given == "*" || given == tag || given == "W/" + tag
    }
  }
}

extension HTTPField.Name {
  static let referrerPolicy = Self("Referrer-Policy")!
  static let openerPolicy = Self("Cross-Origin-Opener-Policy")!
  static let resourcePolicy = Self("Cross-Origin-Resource-Policy")!
}
