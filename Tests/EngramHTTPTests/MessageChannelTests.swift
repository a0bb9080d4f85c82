import Dispatch
import Episodes
import Testing

@testable import EngramHTTP

@Suite("The channel of messages")
struct MessageChannelTests {
  @Test("holds back who sends more than is read, and lets go when it is closed")
  func bounds() async throws {
    let channel = MessageChannel()
    let sender = Task {
      for number in 0..<100 { await channel.send(.notification(.integer(Int64(number)))) }
    }
    var seen: [Int64] = []
    for _ in 0..<60 {
      if case .notification(.integer(let number))? = await channel.next() { seen.append(number) }
    }
    #expect(seen == Array(0..<60))
    channel.close()
    await sender.value
    var rest = 0
    while await channel.next() != nil { rest += 1 }
    #expect(rest <= 20)
  }

  @Test("a reader that is cancelled reads no more")
  func cancels() async throws {
    let channel = MessageChannel()
    let reader = Task { await channel.next() }
    try await Task.sleep(for: .milliseconds(50))
    reader.cancel()
    #expect(await reader.value == nil)
    await channel.send(.ping)
    #expect(await channel.next() == nil)
  }
}
