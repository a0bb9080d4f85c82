import Dispatch
import Episodes
import Foundation
import Glibc

/// A client that sends the bytes it is told, also those that no library would.
struct RawHTTP: Sendable {
  let port: Int

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// An answer, taken apart.
  struct Reply: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]
    /// Whether the answer came to its end.
    var isWhole: Bool

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { (try? JSONReader.value(of: text)) ?? .null }
    var message: String { json["error"]?["message"]?.string ?? "" }
  }

  /// Sends a request, and reads its answer to the end of the connection.
  func send(
    _ method: String, _ path: String, json: JSONValue? = nil, body: [UInt8]? = nil,
    headers: [String: String] = [:]
  ) async throws -> Reply {
    var all = ["Host": "127.0.0.1:\(port)", "Connection": "close"]
    var bytes = body
    if let json {
      bytes = Array(JSONWriter.text(of: json).utf8)
      all["Content-Type"] = "application/json"
    }
    if let bytes { all["Content-Length"] = "\(bytes.count)" }
    all.merge(headers) { $1 }
    let head =
      "\(method) \(path) HTTP/1.1\r\n"
      + all.filter { !$0.value.isEmpty }.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    return try Self.reply(try await exchange(Array(head.utf8) + (bytes ?? [])))
  }

  /// Sends bytes, and reads until the server closes the connection, or `isEnough`.
  func exchange(
    _ bytes: [UInt8], isEnough: @escaping @Sendable ([UInt8]) -> Bool = { _ in false }
  ) async throws -> [UInt8] {
    let port = port
    return try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result { try Self.blocking(bytes, port: port, isEnough: isEnough) })
      }
    }
  }

  private static func blocking(
    _ bytes: [UInt8], port: Int, isEnough: ([UInt8]) -> Bool
  ) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(description: "no socket") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 240, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Failure(description: "not connected: \(errno)") }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      // It may have answered already, and read no more.
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !isEnough(received) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EAGAIN { throw Failure(description: "no answer in 240 s") }
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    return received
  }

  static func reply(_ bytes: [UInt8]) throws -> Reply {
    guard let end = bytes.firstRange(of: [13, 10, 13, 10]) else {
      throw Failure(description: "no head in \(String(decoding: bytes, as: UTF8.self))")
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let parts = lines[0].split(separator: " ")
    guard parts.count > 1, let status = Int(parts[1]) else {
      throw Failure(description: "no status in \(lines[0])")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      headers[pair[0].lowercased()] =
        pair.count > 1 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
    }
    var body = Array(bytes[end.upperBound...])
    var isWhole = true
    if headers["transfer-encoding"] == "chunked" {
      (body, isWhole) = unchunked(body)
    } else if let length = headers["content-length"].flatMap(Int.init) {
      isWhole = body.count == length
    }
    return Reply(status: status, headers: headers, body: body, isWhole: isWhole)
  }

  private static func unchunked(_ bytes: [UInt8]) -> ([UInt8], Bool) {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let end = rest.firstRange(of: [13, 10]),
      let count = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16)
    {
      if count == 0 { return (body, true) }
      body += rest[end.upperBound...].prefix(count)
      rest = rest[end.upperBound...].dropFirst(count + 2)
    }
    return (body, false)
  }
}

extension JSONValue {
  subscript(name: String) -> JSONValue? {
    if case .object(let fields) = self { fields[name] } else { nil }
  }

  subscript(index: Int) -> JSONValue? {
    if case .array(let values) = self, values.indices.contains(index) { values[index] } else { nil }
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
  var list: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
}
