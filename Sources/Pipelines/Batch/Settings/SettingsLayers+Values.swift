import Detection
import Fitting
import Masks
import Media
import Reconstruction
import Volumes

/// Reads settings that have been checked key by key, and notes those that do not go together.
extension SettingsLayers {
  private func choice<Choice: RawRepresentable & CaseIterable>(_ path: String, of type: Choice.Type)
    -> Choice?
  where Choice.RawValue == String { self[path]?.choice(of: type) }

  private func integer(_ path: String) -> Int? { self[path]?.integer(in: .min ... .max) }

  func masks(file: (YAMLValue) -> String?) -> MaskOptions {
    var options = MaskOptions()
    options.file = (self["mask.file"] ?? self["mask.volume"]).flatMap(file)
    if self["mask.file"] != nil, let volume = self["mask.volume"] {
      volume.fail("file and volume say the same: give file for videos, volume for volumes")
    }
    options.threshold = MaskThreshold(
      polarity: choice("mask.polarity", of: MaskPolarity.self) ?? .whiteIsMissing,
      level: self["mask.threshold"]?.integer(in: 0...255) ?? 128)
    options.dilation = integer("mask.dilate") ?? 0
    options.holdsLastFrame = self["mask.hold"]?.flag() ?? false
    options.planes = self["mask.planes"]?.parsed(MaskPlanes.init(parsing:)) ?? .all
    options.bayer = choice("mask.bayer", of: BayerPattern.self)
    options.orientation = choice("mask.orientation", of: MaskOptions.Orientation.self) ?? .displayed
    options.rectangles = rectangles("mask.rects")
    options.keptRectangles = rectangles("mask.keep_rects")
    options.keptFile = self["mask.keep_file"].flatMap(file)
    options.tracks = (self["mask.track"]?.list() ?? []).compactMap { TrackSettings.key($0, file: file) }
    if let overlay = self["mask.overlay"] {
      switch OverlayChoice(overlay.text() ?? "") {
      case .file: options.overlay = file(overlay).map { .file($0) } ?? .opaque
      case let choice: options.overlay = choice
      }
    }
    options.frames = parsed("mask.frames") { try FrameInterval.list(parsing: $0) }.flatMap { $0 }
    options.value = integer("mask.value")
    options.colour = self["mask.color"]?.parsed(MaskColour.init(parsing:))
    options.tolerance = integer("mask.tolerance")
    options.valuePlaces = rectangles("mask.within")
    options.detection = detection()
    if let within = self["mask.within"], self["mask.value"] == nil, self["mask.color"] == nil,
      self["mask.detect"] == nil
    {
      within.fail(
        "\(within.name) says where value, color and detect look: give one of them, or leave it out")
    }
    options.corruptFrames = self["mask.corrupt"]?.flag() ?? false
    options.gapFrames = self["mask.gaps"]?.flag() ?? false
    if options.frames.contains(where: \.isEverything) && !options.keepsSome {
      self["mask.frames"].map {
        $0.fail("\($0.name) covers every frame, so nothing is known to restore from")
      }
    }
    return options
  }

  private func detection() -> DetectionOptions? {
    guard let detect = self["mask.detect"] else {
      for path in ["mask.detect_sensitivity", "mask.detect_regions"] {
        self[path].map {
          $0.fail("\($0.name) says how damage is looked for: name kinds of damage too, or leave it out")
        }
      }
      return nil
    }
    let kinds = detect.items().compactMap { $0.choice(of: DamageKind.self) }
    if kinds.isEmpty {
      detect.fail("\(detect.name) names no kind of damage: give one, or leave it out")
      return nil
    }
    var settings = DetectionSettings()
    if let sensitivity = self["mask.detect_sensitivity"]?.number() {
      settings = DetectionSettings(sensitivity: Float(sensitivity))
    }
    var options = DetectionOptions(kinds: kinds, settings: settings)
    options.regions = rectangles("mask.detect_regions")
    return options
  }

  /// Masks of volumes, without files, and the order of pages.
  private func volumeMasks() -> VolumeMaskOptions {
    var options = VolumeMaskOptions()
    options.slices = parsed("mask.slices") { try SliceRange.list(parsing: $0) }.flatMap { $0 }
    options.boxes = parsed("mask.boxes") { try VoxelBox(parsing: $0) }
    options.axis = self["mask.axis"]?.text() ?? options.axis
    options.value = self["mask.missing_value"]?.number()
    options.keepsNaN = self["mask.keep_nan"]?.flag() ?? false
    options.pages = self["solve.stack_as"]?.parsed(PageOrder.init(parsing:))
    return options
  }

  /// Settings that only volumes have.
  func volume() -> VolumeSettings {
    var settings = VolumeSettings()
    settings.masks = volumeMasks()
    settings.scale = self["solve.scale"]?.parsed(VolumeScale.init(parsing:))
    settings.spacing = self["solve.spacing"]?.parsed(VolumeSettings.spacing(parsing:))
    if let isotropic = self["solve.isotropic"], isotropic.flag() == true {
      if settings.scale != nil, let scale = self["solve.scale"] {
        isotropic.fail("\(isotropic.name) chooses the factors that \(scale.name) names: give one of them")
      }
      settings.scale = .isotropic
    }
    return settings
  }

  private func parsed<Result>(_ path: String, _ parse: (String) throws -> Result) -> [Result] {
    (self[path]?.items() ?? []).compactMap { $0.parsed(parse) }
  }

  private func rectangles(_ path: String) -> [MaskRectangle] {
    (self[path]?.list() ?? []).compactMap(RectangleSettings.rectangle)
  }

  func restoration(_ run: BatchRunSettings) -> RestorationSettings {
    var settings = RestorationSettings()
    settings.preset = choice("solve.preset", of: Preset.self) ?? .balanced
    let model = choice("solve.model", of: ModelKind.self)
    let coordinates = choice("solve.coordinates", of: CoordinateMode.self)
    if settings.preset == .paper {
      for (path, fits) in [
        ("solve.model", model ?? .siren == .siren), ("solve.coordinates", coordinates ?? .frame == .frame),
      ] where !fits {
        self[path].map {
          $0.fail("the preset paper is model siren with coordinates frame: leave out \($0.name)")
        }
      }
      (settings.model, settings.coordinates) = (.siren, .frame)
    } else {
      settings.model = model ?? .tucker
      settings.coordinates = coordinates ?? .volume
    }
    settings.regularizers = self["solve.regularizers"].flatMap { value in
      let texts = value.items().compactMap { $0.text() }
      return value.attempt {
        try RegularizerSettings.list(
          parsing: texts.isEmpty ? "none" : texts.joined(separator: ","), coordinates: settings.coordinates)
      }
    }
    settings.iterations = integer("solve.iterations")
    settings.seed = UInt64(clamping: integer("solve.seed") ?? 0)
    if let grain = self["solve.grain"]?.number() { settings.grain = grain }
    if let frames = integer("solve.window.frames") {
      settings.windowFrames = frames
      settings.overlap = min(settings.overlap, frames / 4)
    }
    if let overlap = integer("solve.window.overlap") {
      // Not a range of them: a window of less than no frames, which is told of elsewhere, has none.
      if overlap < 0 || overlap >= settings.windowFrames {
        self["solve.window.overlap"].map {
          $0.fail("\($0.name) must be below the window's \(settings.windowFrames) frames")
        }
      }
      settings.overlap = overlap
    }
    if let tile = self["solve.window.tile"], tile.text() != "auto" {
      settings.tile = tile.integer(in: SolverLimits.tile)
    }
    settings.maximumMemory = run.maximumMemory
    return settings
  }

  func encoding(threads: Int) -> EncodeSettings {
    var settings = EncodeSettings(
      codec: self["encode.codec"]?.text(), lossless: self["encode.lossless"]?.flag() ?? false,
      threads: threads)
    if let crf = self["encode.crf"]?.number() { settings.crf = crf }
    if let format = self["encode.pixel_format"]?.text() { settings.pixelFormat = format }
    let options = self["encode.options"]?.items().compactMap { $0.text() } ?? []
    for option in options.compactMap(EncoderOption.init(parsing:)) {
      settings.options[option.key] = option.value
    }
    settings.streams = streams()
    return settings
  }

  private func streams() -> StreamChoice {
    func isCopied(_ kind: String) -> Bool {
      choice("streams.\(kind)", of: BatchSchema.CopyOrDrop.self) != .drop
    }
    var streams = StreamChoice()
    streams.audio = isCopied("audio")
    streams.subtitles = isCopied("subtitles")
    streams.data = isCopied("data")
    streams.chapters = self["streams.chapters"]?.flag() ?? true
    streams.metadata = self["streams.metadata"]?.flag() ?? true
    return streams
  }
}
