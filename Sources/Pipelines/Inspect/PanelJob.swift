import Frames
import Inspection
import Media
import Reconstruction

/// Makes one labelled picture of a restoration's frames, or a moving wipe; the output's suffix decides which.
public struct PanelJob: Sendable {
  public var files: InspectedFiles
  public var frames: FrameList
  /// In samples, as displayed; nil for the whole picture.
  public var crop: Box?
  /// Pixels for a sample; nil for a size that suits a screen.
  public var zoom: Double?
  /// A name that ends in .png, .jpg, .gif, .mp4 or .mkv.
  public var output: String
  public var overwrite: Bool

  private static let largestPanel = 200_000_000
  public static let zooms = 0.02...32.0

  public init(
    files: InspectedFiles, frames: FrameList, crop: Box? = nil, zoom: Double? = nil, output: String,
    overwrite: Bool = false
  ) {
    (self.files, self.frames, self.crop, self.zoom) = (files, frames, crop, zoom)
    (self.output, self.overwrite) = (output, overwrite)
  }

  private enum Kind { case still(PictureEncoder.Format), gif, video }

  private func kind() throws -> Kind {
    if let format = PictureEncoder.Format(of: output, quality: 92) { return .still(format) }
    switch PathName.suffix(of: output).lowercased() {
    case ".gif": return .gif
    case ".mp4", ".mkv", ".mov", ".webm": return .video
    default:
      throw JobError.configuration(
        "\(output) says not what it should be: a picture (.png, .jpg) or a wipe (.gif, .mp4, .mkv, .webm)")
    }
  }

  /// - Throws: `JobError`.
  public func run(isCancelled: () -> Bool = { false }) throws {
    try JobError.during(.reading) {
      let kind = try kind()
      try OutputPath.check(output, inputs: files.paths, overwrite: overwrite)
      let reader = try InspectionReader(files)
      let shown = try read(reader, isCancelled)
      switch kind {
      case .still(let format):
        let view = try view(reader, fitting: frames.frames.count > 1 ? 420 : nil)
        let panel = Panel(frames: shown, view: view, title: files.title)
        guard panel.pixelCount <= Self.largestPanel else {
          throw JobError.configuration("\(output) would be too large: give a smaller --zoom or fewer frames")
        }
        try AtomicFile.write(PictureEncoder.data(of: panel.picture(), as: format), to: output)
      case .gif:
        let wipe = Wipe(frames: shown, view: try view(reader, fitting: 640))
        let delay = shown.count > 1 ? Int((100 / reader.frameRate.value).rounded()) : 5
        let data = try GIFFile.data(count: wipe.count, delay: max(delay, 2)) { index in
          if isCancelled() { throw RestorationError.cancelled }
          return wipe.picture(index)
        }
        try AtomicFile.write(data, to: output)
      case .video:
        let wipe = Wipe(frames: shown, view: try view(reader, fitting: 1920), count: 75)
        try write(wipe, rate: shown.count > 1 ? reader.frameRate : Rational(25, 1), isCancelled)
      }
    }
  }

  /// - Parameter longest: the most pixels across if no zoom is given; nil for no bound.
  private func view(_ reader: InspectionReader, fitting longest: Int?) throws -> PictureView {
    let size = reader.size
    let crop = try crop?.checked(width: size.width, height: size.height)
    let across = Double(crop?.width ?? size.width) * max(size.aspect, 1)
    var zoom = self.zoom ?? max(1, (400 / across).rounded(.down))
    if self.zoom == nil, let longest { zoom = min(zoom, Double(longest) / across) }
    return PictureView(
      width: size.width, height: size.height, crop: crop, zoom: min(zoom, Self.zooms.upperBound),
      aspect: size.aspect)
  }

  /// The frames that were asked for, all in memory.
  private func read(_ reader: InspectionReader, _ isCancelled: () -> Bool) throws -> [InspectedFrame] {
    let size = reader.size
    _ = try crop?.checked(width: size.width, height: size.height)
    guard frames.frames.count <= Self.largestPanel / max(size.width * size.height, 1) else {
      throw JobError.configuration("\(frames.frames.count) frames are too many for one picture: choose fewer")
    }
    let wanted = Set(frames.frames)
    var shown: [InspectedFrame] = []
    var count = 0
    while shown.count < wanted.count, let step = try reader.next() {
      if isCancelled() { throw RestorationError.cancelled }
      count += 1
      if wanted.contains(step.index) { shown.append(try reader.pictures(of: step)) }
    }
    guard shown.count == wanted.count else {
      let last = frames.frames.last ?? 0
      throw JobError.configuration(
        "there is no frame \(last): \(files.input) and \(files.result) have \(count), from 0 on")
    }
    return shown
  }

  private func write(_ wipe: Wipe, rate: Rational, _ isCancelled: () -> Bool) throws {
    let first = wipe.picture(0)
    // H.264 with chroma at half resolution has even sides only.
    let (width, height) = (max(first.width & ~1, 2), max(first.height & ~1, 2))
    let view = PictureView(
      width: first.width, height: first.height,
      crop: Box(x: 0, y: 0, width: min(width, first.width), height: min(height, first.height)))
    try JobError.during(.writing) {
      let writer = try VideoWriter(
        path: output, format: view.picture(first).frameFormat, frameRate: rate,
        settings: EncodeSettings(crf: 18, pixelFormat: "yuv420p"), overwrite: overwrite)
      for index in 0..<wipe.count {
        if isCancelled() { throw RestorationError.cancelled }
        try writer.write(view.picture(wipe.picture(index)).frame(index: index))
      }
      try writer.finish()
    }
  }
}
