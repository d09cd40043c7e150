import Foundation
import Masks
import Media
import Volumes

/// Finds a job's inputs, and makes a task of each.
struct JobExpansion {
  struct Job {
    var name: String
    var value: YAMLValue
    var defaults: YAMLValue?
    /// Whether all its values are right, taken one by one.
    var isSound = true
  }

  /// A task, and the value in the file that its output comes from.
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
  let search: InputSearch

  /// - Parameter most: the largest number of tasks allowed.
  func tasks(most: Int) -> [Placed] {
    let keys = Dictionary(
      job.value.entries().map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let placeholdersAreRight = ["output", "metrics"].allSatisfy { key in
      keys[key].map(InputPlaceholders.check) ?? true
    }
    let inputs = inputs(keys)
    if inputs.count > most {
      job.value.fail("the jobs have more than \(YAMLLimits.tasks) inputs together: split the file")
      return []
    }
    let masks = MissingMasks()
    defer { masks.tell() }
    if job.isSound && placeholdersAreRight { return inputs.compactMap { task($0, keys: keys, masks) } }
    // The sound settings are checked all the same, so that all mistakes are told at once.
    if inputs.isEmpty {
      for key in ["file", "volume", "keep_file", "overlay"] {
        if let file = job.value.value(at: ["mask", key]) ?? job.defaults?.value(at: ["mask", key]),
          key != "overlay" || OverlayChoice(file.text() ?? "auto").file != nil
        {
          _ = maskFile(file, input: nil, masks) { PathName.path($0, in: folder) }
        }
      }
    }
    for input in inputs { checkTogether(input, keys: keys, masks) }
    return []
  }

  /// Notes settings that do not go together, where some settings are wrong by themselves.
  private func checkTogether(_ input: Input, keys: [String: YAMLValue], _ missing: MissingMasks) {
    let given = layers(of: input, keys: keys)
    let layers = given.sound
    let placeholders = InputPlaceholders(input: input.path, base: input.base)
    _ = layers.masks { value in
      maskFile(value, input: input.path, missing) { PathName.path(placeholders.replaced($0), in: folder) }
    }
    _ = layers.restoration(run)
    if !given.values.keys.contains(where: { $0.hasPrefix("mask.") }) && job.value.value(at: ["mask"]) == nil
      && !VolumeFile.isVolume(input.path)
    {
      failForNoMask()
    }
  }

  private func failForNoMask() {
    job.value.fail(
      "'\(job.name)' does not say what is missing: give mask a file, rects, track, frames, value, color, corrupt, gaps or "
        + "detect, or of volumes volume, slices, boxes or missing_value")
  }

  /// The path of a mask. Notes a path that does not exist; nil for a value that is no path.
  private func maskFile(
    _ value: YAMLValue, input: String?, _ missing: MissingMasks, path: (String) -> String
  ) -> String? {
    guard InputPlaceholders.check(value), let text = value.text() else { return nil }
    let file = path(text)
    // Without an input placeholders stand for nothing.
    let isOwn = InputPlaceholders.areIn(text)
    if isOwn && input == nil || Self.isThere(file) { return file }
    if isOwn, let input {
      missing.add(file, of: input, at: value)
    } else {
      value.fail("there is no mask \(file)")
    }
    return file
  }

  private func inputs(_ keys: [String: YAMLValue]) -> [Input] {
    let excluded = (keys["exclude"]?.items() ?? []).compactMap { $0.text().map(PathPattern.init) }
    var seen: Set<String> = []
    var result: [Input] = []
    for item in keys["inputs"]?.items() ?? [] {
      guard let text = item.text() else { continue }
      let path = PathName.path(text, in: folder)
      let pattern = PathPattern(path)
      let isKnown = search.known != nil
      let isPattern = PathPattern.isPattern(text) && !FileManager.default.fileExists(atPath: path)
      var found = isPattern ? search.files(pattern) : [path]
      if !isPattern && !search.isWanted(path) { continue }
      if isPattern && found.isEmpty && !isKnown { item.fail("no file matches '\(text)'") }
      if !isPattern && !Self.isThere(path) { item.fail("there is no file \(path)") }
      found.removeAll { path in excluded.contains { matches($0, path) } }
      let base = isPattern ? pattern.base : PathName.folder(of: path) + "/"
      for path in found where seen.insert(PathName.absolute(path)).inserted {
        result.append(Input(path: path, base: base))
      }
    }
    return result
  }

  /// Whether a path is a file, a folder, an array in an archive, or a numbered sequence.
  private static func isThere(_ path: String) -> Bool {
    if FileManager.default.fileExists(atPath: path) { return true }
    if let colon = path.lastIndex(of: ":"), VolumeFile.isVolume(path) {
      return FileManager.default.fileExists(atPath: String(path[..<colon]))
    }
    return (try? ImageSequence(path: path)) != nil
  }

  /// Whether a pattern matches a path, relative to the file's folder or as a whole.
  private func matches(_ pattern: PathPattern, _ path: String) -> Bool {
    pattern.matches(path: relative(path)) || pattern.matches(path: path)
  }

  /// A path relative to the file's folder.
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

  private func task(_ input: Input, keys: [String: YAMLValue], _ missing: MissingMasks) -> Placed? {
    let layers = layers(of: input, keys: keys)
    let placeholders = InputPlaceholders(input: input.path, base: input.base)
    func path(_ text: String) -> String { PathName.path(placeholders.replaced(text), in: folder) }
    for key in ["output", "metrics"] {
      guard let value = keys[key], let name = value.text().flatMap(placeholders.wayOut) else { continue }
      value.fail(
        "\(key): \(name) is .. for \(input.path), which leads out of the folder that is named: rename the file, or write "
          + "more than \(name) there")
      return nil
    }
    let masks = layers.masks { maskFile($0, input: input.path, missing, path: path) }
    let volume = layers.volume()
    let isVolume = VolumeFile.isVolume(input.path)
    // In a volume, voxels that are no numbers are missing too.
    if masks.isEmpty && volume.masks.isEmpty && !isVolume && layers["mask.detect"] == nil
      && layers["mask.track"] == nil
    {
      failForNoMask()
    }
    if isVolume {
      for key in ["mask.detect", "mask.track", "mask.overlay"] {
        layers[key]?.fail(
          "\(key) is of videos, and \(input.path) is a volume: give a mask of the voxels that are missing")
      }
    }
    if !isVolume { checkVideo(input, layers, masks, keys) }
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
      input: input.path, output: PathName.withoutDots(output), masks: masks,
      restoration: restoration, encoding: encoding)
    restore.threads = run.threadsEach
    restore.volume = volume
    restore.stream = layers["stream"]?.integer(in: 0...9999)
    restore.interlacedAsFrames = layers["solve.interlaced_as_frames"]?.flag() ?? false
    restore.metrics = keys["metrics"]?.text().map { PathName.withoutDots(path($0)) }
    return Placed(task: BatchTask(job: job.name, restore: restore), place: place)
  }

  /// Notes settings of volumes, and gaps in a sequence of images.
  private func checkVideo(
    _ input: Input, _ layers: SettingsLayers, _ masks: MaskOptions, _ keys: [String: YAMLValue]
  ) {
    for key in [
      "mask.volume", "mask.slices", "mask.axis", "mask.boxes", "mask.missing_value", "mask.keep_nan",
      "solve.stack_as", "solve.isotropic", "solve.scale", "solve.spacing",
    ] {
      layers[key]?.fail("\(key) is of volumes, and \(input.path) is none")
    }
    let sequences = masks.gapFrames ? [] : [input.path]
    for gaps in sequences.compactMap({ try? ImageSequence(path: $0)?.gapSentence }) {
      (keys["inputs"] ?? job.value).fail(
        "\(input.path): \(gaps): add them, or set mask.gaps to true, with which their frames count as missing"
      )
    }
  }
}
