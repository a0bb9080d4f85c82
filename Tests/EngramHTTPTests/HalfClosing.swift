import Dispatch
import Foundation
import Glibc

/// A client that says it has sent everything, and still reads.
enum HalfClosing {
  static func exchange(_ bytes: [UInt8], port: Int) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            let descriptor = try open(bytes, port: port)
            defer { close(descriptor) }
            shutdown(descriptor, Int32(SHUT_WR))
            var limit = timeval(tv_sec: 30, tv_usec: 0)
            setsockopt(
              descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
              let count = recv(descriptor, &buffer, buffer.count, 0)
              guard count > 0 else { return received }
              received += buffer[..<count]
            }
          })
      }
    }
  }

  /// A connection on which bytes were sent, and a little room for what comes back.
  static func open(_ bytes: [UInt8], port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw RawHTTP.Failure(description: "no socket") }
    var room: Int32 = 4096
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw RawHTTP.Failure(description: "not connected: \(errno)") }
    let sent = bytes.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard sent == bytes.count else { throw RawHTTP.Failure(description: "not sent: \(errno)") }
    return descriptor
  }
}
