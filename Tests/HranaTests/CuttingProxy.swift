import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A proxy on loopback between a client and a server that loses, cuts and delays what goes through it.
///
/// SAFETY: `@unchecked`: what changes is behind mutexes; each connection has a thread of its own.
final class CuttingProxy: @unchecked Sendable {
  enum Fault: Hashable, Sendable {
    case none
    /// The request never gets to the server.
    case lostRequest
    /// The server has done it, and its answer never gets to the client.
    case lostAnswer
    /// Only so many bytes of the answer do.
    case cutAnswer(bytes: Int)
    case delay(milliseconds: Int)
    /// The server fails after it has done it.
    case status(Int, body: String = "")
    /// Only so many bytes of the answer get to the client, and then nothing, on a connection that stays.
    case stall(bytes: Int)
    /// This answer, which is not the server's.
    case reply(head: String, body: String)
  }

  let port: UInt16
  private let listener: Int32
  private let upstream: UInt16
  private let fault: Mutex<@Sendable () -> Fault>
  private let isClosed = Atomic<Bool>(false)
  private let seen = Mutex<[String]>([])

  /// - Parameter fault: of the next request.
  init(to upstream: Int, fault: @escaping @Sendable () -> Fault) {
    self.upstream = UInt16(upstream)
    self.fault = Mutex(fault)
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = Self.address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    // SAFETY: sockaddr_in is a sockaddr of family AF_INET, and the pointers live for the calls.
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(listener, $0, length) == 0 && listen(listener, 64) == 0)
        getsockname(listener, $0, &length)
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 || isClosed.load(ordering: .relaxed) { return }
        Thread.detachNewThread { [self] in
          serve(client)
          Glibc.close(client)
        }
      }
    }
  }

  /// The first lines of the requests so far.
  var requests: [String] { seen.withLock { $0 } }

  func close() {
    isClosed.store(true, ordering: .relaxed)
    shutdown(listener, Int32(SHUT_RDWR))
    Glibc.close(listener)
  }

  private static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }

  /// Hands requests on, one after the other, until one meets a fault.
  private func serve(_ client: Int32) {
    var pending: [UInt8] = []
    while let request = Self.request(client, &pending) {
      let fault = fault.withLock { $0 }()
      seen.withLock { $0.append(String(decoding: request.prefix { $0 != 0x0D }, as: UTF8.self)) }
      if fault == .lostRequest { return }
      if case .reply(let head, let body) = fault {
        let length = "content-length: \(body.utf8.count)\r\n\r\n"
        Self.send(client, Array((head + length + body).utf8))
        continue
      }
      if case .delay(let milliseconds) = fault { usleep(UInt32(milliseconds) * 1000) }
      let answer = answer(to: request)
      // The server is not there: then neither is the client's connection to it.
      if answer.isEmpty { return }
      switch fault {
      case .lostAnswer, .lostRequest, .reply: return
      case .cutAnswer(let bytes):
        Self.send(client, Array(answer.prefix(bytes)))
        return
      case .status(let status, let body):
        let head = "HTTP/1.1 \(status) Fault\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
        Self.send(client, Array((head + body).utf8))
      case .stall(let bytes):
        Self.send(client, Array(answer.prefix(bytes)))
        // Until the client has had enough.
        while Self.receive(client) != nil {}
        return
      case .none, .delay: Self.send(client, answer)
      }
    }
  }

  /// The answer of the server, on a connection of its own.
  private func answer(to request: [UInt8]) -> [UInt8] {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { Glibc.close(server) }
    var address = Self.address(port: upstream)
    // SAFETY: as above.
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { return [] }
    let text = String(decoding: request, as: UTF8.self)
    Self.send(
      server,
      Array(
        text.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n", maxReplacements: 1).utf8))
    var answer: [UInt8] = []
    while let more = Self.receive(server) { answer += more }
    return answer
  }

  /// One request with its body.
  private static func request(_ client: Int32, _ pending: inout [UInt8]) -> [UInt8]? {
    while true {
      let text = String(decoding: pending, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.upperBound]
        let field = head.lowercased().range(of: "content-length: ")
        let digits = field.map { head.lowercased()[$0.upperBound...].prefix { $0.isNumber } }
        let length = head.utf8.count + (digits.flatMap { Int($0) } ?? 0)
        if pending.count >= length {
          defer { pending.removeFirst(length) }
          return Array(pending.prefix(length))
        }
      }
      guard let more = receive(client) else { return nil }
      pending += more
    }
  }

  private static func receive(_ socket: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &bytes, bytes.count, 0)
    return count > 0 ? Array(bytes.prefix(count)) : nil
  }

  private static func send(_ socket: Int32, _ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }
}
