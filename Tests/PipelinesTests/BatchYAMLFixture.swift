import Foundation
import TestSupport

@testable import Pipelines

/// A folder of inputs, and files of jobs about them.
struct BatchYAMLFixture {
  let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in [
      "a.mkv", "b_2160p.mkv", "sub/c.mkv", "sub/deep/d.mkv", "sub/sample/e.mkv", "mask.png", ".h.mkv",
    ] {
      let parent = (folder.file(name) as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try folder.write([1], to: name)
    }
  }

  func plan(_ text: String, _ sets: String...) throws -> BatchPlan {
    let path = folder.file("p.yaml")
    return try BatchPlan(YAMLDocument(text: text, file: "p.yaml"), path: path, sets: sets)
  }

  func complaints(_ text: String, _ sets: String...) -> [String] {
    do {
      _ = try BatchPlan(YAMLDocument(text: text, file: "p.yaml"), path: folder.file("p.yaml"), sets: sets)
      return []
    } catch let error as JobError where error.kind == .configuration {
      return error.description.split(separator: "\n").map {
        $0.replacingOccurrences(of: folder.path + "/", with: "")
      }
    } catch {
      return ["\(error)"]
    }
  }

  func names(_ plan: BatchPlan, _ path: (RestoreJob) -> String) -> [String] {
    plan.tasks.map { path($0.restore).replacingOccurrences(of: folder.path + "/", with: "") }
  }
}
