internal import VectorMath
import Glibc

func env(_ name: String, _ value: Double) -> Double {
  getenv(name).map { Double(String(cString: $0))! } ?? value
}
let envScan = env("F_SCAN", 25000)
let envCodes = Int(env("F_CODES", 25000))
let envLm = env("F_LM", 3)
let envW = env("F_W", 0.8)
let envWM = env("F_WM", 1)
let envN = env("F_N", 3)
let envS = Int(env("F_S", 64))
let envST = Int(env("F_ST", 4))
let envT = env("F_T", 1)
let envR = env("F_R", 1)
let envB = Int(env("F_B", 0))

/// How a filtered search goes about it.
struct FilterPlan {
  let isWalk: Bool
  let matchListSize: Int
  let otherListSize: Int
  let patience: Int
  let matchPatience: Int
  let thresholdPlace: Int
  let k: Int
  let rank: Int

  init(segment: Segment, matchCount: Int, parameters: WalkParameters) {
    let l = Double(parameters.listSize)
    k = parameters.k
    matchListSize = min(matchCount, max(Int(l * envLm), parameters.rerankCount))
    otherListSize = min(segment.count, Int(envN * l))
    patience = Int(l * envW)
    matchPatience = Int(l * envWM)
    thresholdPlace = min(matchListSize, Int(l * envT))
    rank = min(matchListSize, Int(Double(parameters.rerankCount) * envR))
    isWalk = Double(matchCount) > envScan
  }
}
