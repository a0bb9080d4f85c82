import Episodes
import Foundation
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(
    "A time of any precision is written as it was read",
    arguments: [
      "2026-03-02T09:14:05Z", "2026-03-02T09:14:05.250Z", "2026-03-02T09:14:05.000001Z",
      "2026-03-02T09:14:05.000000001Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z",
      "1700-02-28T00:00:00.000000001Z", "2000-02-29T12:00:00Z", "2261-12-31T23:59:59.999999999Z",
      "1678-01-01T00:00:00Z",
    ])
  func roundTrip(text: String) throws {
    let time = try #require(Timestamp(text))
    #expect(time.description == text)
    #expect(Timestamp(time.description) == time)
  }

  @Test(
    "Known moments have the seconds that POSIX gives them",
    arguments: [
      // date -u -d <text> +%s
      ("2026-03-02T09:14:05Z", 1_772_442_845), ("2000-02-29T00:00:00Z", 951_782_400),
      ("2000-03-01T00:00:00Z", 951_868_800), ("1900-03-01T00:00:00Z", -2_203_891_200),
      ("2038-01-19T03:14:08Z", 2_147_483_648), ("1969-12-31T23:59:59Z", -1),
    ])
  func knownMoments(text: String, seconds: Int64) {
    #expect(Timestamp(text)?.nanosecondsSince1970 == seconds * 1_000_000_000)
  }

  @Test(
    "Other spellings of one moment are read as that moment",
    arguments: [
      "2026-03-02T09:14:05.25Z", "2026-03-02t09:14:05.250z", "2026-03-02 09:14:05,25",
      "2026-03-02T10:14:05.250+01:00", "2026-03-02T10:14:05.250+0100",
      "2026-03-02T10:14:05.250+01", "2026-03-02T03:44:05.250-05:30",
      "2026-03-01T09:15:05.25-23:59", "2026-03-02T09:14:05.250000000Z",
    ])
  func spellings(text: String) {
    #expect(Timestamp(text)?.description == "2026-03-02T09:14:05.250Z")
  }

  @Test("A date alone is midnight, and seconds may be left out")
  func shortForms() {
    #expect(Timestamp("2026-03-02")?.description == "2026-03-02T00:00:00Z")
    #expect(Timestamp("2026-03-02T09:14Z")?.description == "2026-03-02T09:14:00Z")
    #expect(Timestamp("2026-06-30T23:59:60Z")?.description == "2026-07-01T00:00:00Z")
  }

  @Test(
    "What is no time is refused",
    arguments: [
      "", "now", "2026", "2026-3-2", "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29",
      "2026-04-31", "2026-03-00", "2026-03-02T", "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z",
      "2026-03-02T09:14:61Z", "2026-03-02T09:14:05.Z", "2026-03-02T09:14:05.1234567890Z",
      "2026-03-02T09:14:05ZZ", "2026-03-02T09:14:05+1:00", "2026-03-02T09:14:05+24:00",
      "2026-03-02T09:14:05+01:60", " 2026-03-02", "2026-03-02 ", "+2026-03-02", "20260302",
      "２０２６-03-02", "2262-04-12", "1677-09-21", "9999-12-31", "0000-01-01",
    ])
  func invalid(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test("The first and the last moment that can be held are written and read back")
  func extremes() {
    for nanoseconds in [Int64.min, .min + 1, .min + 999_999_999, .max, .max - 1, 0, -1, 1] {
      let time = Timestamp(nanosecondsSince1970: nanoseconds)
      #expect(Timestamp(time.description) == time)
    }
    #expect(
      Timestamp(nanosecondsSince1970: .min).description == "1677-09-21T00:12:43.145224192Z")
    #expect(
      Timestamp(nanosecondsSince1970: .max).description == "2262-04-11T23:47:16.854775807Z")
    #expect(Timestamp("1677-09-21T00:12:43.145224191Z") == nil)
    #expect(Timestamp("2262-04-11T23:47:16.854775808Z") == nil)
  }

  @Test("Every day of four centuries comes after the one before and keeps its date")
  func everyDay() {
    var day = Timestamp("1800-01-01")!
    var previous = ""
    for _ in 0..<146_097 {
      let text = day.description
      #expect(Timestamp(String(text.prefix(10))) == day)
      #expect(text > previous)
      previous = text
      day.nanosecondsSince1970 += 86_400_000_000_000
    }
    #expect(day.description == "2200-01-01T00:00:00Z")
  }

  @Test("Differences have their sign and do not wrap over the whole range")
  func differences() {
    let early = Timestamp("2026-03-02T09:14:05Z")!
    let late = Timestamp("2026-03-02T09:14:06.5Z")!
    #expect(early < late)
    #expect(late.seconds(since: early) == 1.5)
    #expect(early.seconds(since: late) == -1.5)
    let span = Timestamp(nanosecondsSince1970: .max).seconds(
      since: Timestamp(nanosecondsSince1970: .min))
    #expect(span > 1.8e10)
  }

  @Test("Seconds that no timestamp can hold become the nearest one that it can")
  func secondsOutOfRange() {
    #expect(Timestamp(secondsSince1970: 1.5).nanosecondsSince1970 == 1_500_000_000)
    #expect(Timestamp(secondsSince1970: 1e300).nanosecondsSince1970 == .max)
    #expect(Timestamp(secondsSince1970: -.infinity).nanosecondsSince1970 == .min)
    #expect(Timestamp(secondsSince1970: .nan).nanosecondsSince1970 == 0)
  }

  @Test("JSON holds a time as text, and other values are refused")
  func json() throws {
    let time = Timestamp("2026-03-02T09:14:05.250Z")!
    let data = try JSONEncoder().encode([time])
    #expect(String(decoding: data, as: UTF8.self) == "[\"2026-03-02T09:14:05.250Z\"]")
    #expect(try JSONDecoder().decode([Timestamp].self, from: data) == [time])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Timestamp].self, from: Data("[\"yesterday\"]".utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Timestamp].self, from: Data("[1772442845]".utf8))
    }
  }
}
