import Foundation

/// Files written by NumPy 2.4 itself: `[[1, 2.5, -3], [0.125, 0.001, 7]]` in three types and header
/// versions.
enum NumPyFixtures {
  static let float32Version1 = bytes(
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog"
      + "KDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgIAoAAIA/AAAgQAAAQMAAAAA+bxKDOgAA4EA=")
  static let float64Version2 = bytes(
    "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUn"
      + "OiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgIAoAAAAAAADwPwAAAAAAAARAAAAAAAAACMAAAAAAAADAPwAAAOBNYlA/AAAAAAAAHEA=")
  static let float16Version3 = bytes(
    "k05VTVBZAwB0AAAAeydkZXNjcic6ICc8ZjInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUn"
      + "OiAoMiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgIAoAPABBAMIAMBkUAEc=")

  private static func bytes(_ base64: String) -> [UInt8] {
    Array(Data(base64Encoded: base64) ?? Data())
  }
}
