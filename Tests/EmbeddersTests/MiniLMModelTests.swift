import Embedders
import Testing

@Suite("Model location")
struct MiniLMModelTests {
  @Test(
    "A missing model names the file looked for, make model and ENGRAM_MODEL_DIR",
    arguments: [
      (["ENGRAM_MODEL_DIR": "/nowhere/m", "HOME": "/h"], "/nowhere/m/"),
      (
        ["XDG_CACHE_HOME": "/nowhere/c", "HOME": "/h"], "/nowhere/c/engram/models/all-MiniLM-L6-v2/"
      ),
      (["HOME": "/nowhere/h"], "/nowhere/h/.cache/engram/models/all-MiniLM-L6-v2/"),
      (
        ["ENGRAM_MODEL_DIR": "", "XDG_CACHE_HOME": "relative", "HOME": "/nowhere/h"],
        "/nowhere/h/.cache/engram/models/all-MiniLM-L6-v2/"
      ),
    ])
  func missing(environment: [String: String], folder: String) throws {
    let error = #expect(throws: MiniLMModelMissing.self) {
      _ = try MiniLMModel.locate(environment: environment)
    }
    let description = try #require(error).description
    #expect(description.contains(folder + "model.safetensors"))
    #expect(description.contains("`make model`") && description.contains("ENGRAM_MODEL_DIR"))
  }

  @Test("A folder with both files is found; with one alone the other is named")
  func found() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write([1], to: "model.safetensors")
    let error = #expect(throws: MiniLMModelMissing.self) {
      _ = try MiniLMModel.locate(environment: ["ENGRAM_MODEL_DIR": folder.path])
    }
    #expect(error?.path.hasSuffix("/vocab.txt") == true)
    _ = try folder.write([1], to: "vocab.txt")
    let model = try MiniLMModel.locate(environment: ["ENGRAM_MODEL_DIR": folder.path])
    #expect(model.directory == folder.path)
  }
}
