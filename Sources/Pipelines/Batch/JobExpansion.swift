import Foundation
import Masks

/// Finds a job's inputs, and settles for each what is done with it.
struct JobExpansion {
  struct Job {
    var name: String
    var value: YAMLValue
    var defaults: YAMLValue?
    /// Whether each key is right: only then can it be seen how they go together.
    var isSound = true
  }

  /// A task and the place in the file that its output comes from.
  struct Placed {
    var task: BatchTask
    var place: YAMLValue
  }

  private struct Input {
    var path: String
    var base: String
  }

  let job: Job
  let folder: String
  let overrides: [SettingOverride]
  let run: BatchRunSettings

  /// - Parameter isOurs: whether a path is an output of an earlier run, which no pattern means as an input.
  func tasks(isOurs: (String) -> Bool) -> [Placed] {
    let keys = Dictionary(
      job.value.entries().map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let placeholdersAreRight = ["output", "metrics"].allSatisfy { key in
      keys[key].map(InputPlaceholders.check) ?? true
    }
    let inputs = inputs(keys, isOurs: isOurs)
    if job.isSound && placeholdersAreRight { return inputs.compactMap { task($0, keys: keys) } }
    // Paths can be looked at all the same, so that everything is said at once.
    if let file = job.value.value(at: ["mask", "file"]) ?? job.defaults?.value(at: ["mask", "file"]) {
      _ = maskFile(file) { Folders.path($0, in: folder) }
    }
    return []
  }

  /// The path of a mask; nil, and noted, where there is none.
  private func maskFile(_ value: YAMLValue, path: (String) -> String) -> String? {
    guard InputPlaceholders.check(value), let text = value.text() else { return nil }
    let file = path(text)
    // One that goes with a single input is that input's trouble only.
    if !InputPlaceholders.areIn(text) && !Self.isThere(file) { value.fail("there is no mask \(file)") }
    return file
  }

  private func inputs(_ keys: [String: YAMLValue], isOurs: (String) -> Bool) -> [Input] {
    let excluded = (keys["exclude"]?.items() ?? []).compactMap { $0.text().map(PathPattern.init) }
    var seen: Set<String> = []
    var result: [Input] = []
    for item in keys["inputs"]?.items() ?? [] {
      guard let text = item.text() else { continue }
      let path = Folders.path(text, in: folder)
      let pattern = PathPattern(path)
      let isPattern = PathPattern.isPattern(text) && !FileManager.default.fileExists(atPath: path)
      var found = isPattern ? pattern.files().filter { !isOurs($0) } : [path]
      if isPattern && found.isEmpty { item.fail("no file matches '\(text)'") }
      if !isPattern && !Self.isThere(path) { item.fail("there is no file \(path)") }
      found.removeAll { path in excluded.contains { matches($0, path) } }
      let base = isPattern ? pattern.base : PathName.folder(of: path) + "/"
      for path in found where seen.insert(Folders.absolute(path)).inserted {
        result.append(Input(path: path, base: base))
      }
    }
    return result
  }

  /// Whether something can be opened under a path; of a numbered sequence only that it has a folder.
  private static func isThere(_ path: String) -> Bool {
    if FileManager.default.fileExists(atPath: path) { return true }
    let isSequence = path.range(of: "%[0-9]*d", options: .regularExpression) != nil
    let parent = PathName.folder(of: path)
    return isSequence && FileManager.default.fileExists(atPath: parent.isEmpty ? "." : parent)
  }

  /// Whether a pattern means a path, from the file's folder on or as a whole.
  private func matches(_ pattern: PathPattern, _ path: String) -> Bool {
    pattern.matches(path: relative(path)) || pattern.matches(path: path)
  }

  /// A path as patterns of the file see it: from the file's folder on.
  private func relative(_ path: String) -> String {
    !folder.isEmpty && path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
  }

  private func layers(of input: Input, keys: [String: YAMLValue]) -> SettingsLayers {
    var layers = SettingsLayers()
    if let defaults = job.defaults { layers.add(defaults) }
    layers.add(job.value)
    for override in keys["override"]?.list() ?? [] {
      let patterns = override.entries().first { $0.name == "match" }?.value.items() ?? []
      let matches = patterns.contains { item in
        item.text().map { self.matches(PathPattern($0), input.path) } ?? false
      }
      if matches { layers.add(override) }
    }
    for override in overrides { layers.add(override.root) }
    return layers
  }

  private func task(_ input: Input, keys: [String: YAMLValue]) -> Placed? {
    let layers = layers(of: input, keys: keys)
    let placeholders = InputPlaceholders(input: input.path, base: input.base)
    func path(_ text: String) -> String { Folders.path(placeholders.replaced(text), in: folder) }
    let masks = layers.masks { maskFile($0, path: path) }
    if masks.isEmpty {
      job.value.fail(
        "'\(job.name)' does not say what is missing: give mask a file, rects, frames, value, color or corrupt"
      )
    }
    let restoration = layers.restoration(run)
    let encoding = layers.encoding(threads: run.threadsEach)
    let place = keys["output"] ?? job.value
    guard
      let output = keys["output"]?.text().map(path)
        ?? place.attempt({
          try OutputPath.standard(forInput: input.path, lossless: encoding.lossless)
        })
    else { return nil }
    var restore = RestoreJob(
      input: input.path, output: Folders.withoutDots(output), masks: masks,
      restoration: restoration,
      encoding: encoding)
    restore.interlacedAsFrames = layers["solve.interlaced_as_frames"]?.flag() ?? false
    restore.metrics = keys["metrics"]?.text().map { Folders.withoutDots(path($0)) }
    return Placed(task: BatchTask(job: job.name, restore: restore), place: place)
  }
}
