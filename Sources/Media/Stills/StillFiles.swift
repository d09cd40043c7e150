internal import CFFmpeg
import Foundation

/// Picture files from input to output: which file a frame is from, and what that file says beside its samples.
struct StillFiles {
  /// The path of the file that a picture is from; nil where the input is no picture file.
  static func path(of picture: PicturePointer?, in demuxer: Demuxer) -> String? {
    if let found = Tags.value("lavf.image2dec.source_path", in: picture?.pointee.metadata) { return found }
    let name = demuxer.formatName
    let isPicture = name == "image2" || name.hasSuffix("_pipe") || name.contains("webp")
    return isPicture && !demuxer.isReadOnce ? demuxer.source : nil
  }

  /// How the picture's file says that it is shown; nil where it says nothing.
  static func turn(of picture: PicturePointer, in demuxer: Demuxer) -> (degrees: Int, isMirrored: Bool)? {
    path(of: picture, in: demuxer).flatMap(StillMetadata.data(ofFile:)).flatMap(StillMetadata.init(of:))?.exif
      .flatMap(EXIFBlock.orientation(of:)).map(EXIFBlock.turn(of:))
  }

  /// The format of the output's files; nil where it holds no picture files that are written here.
  private let target: StillMetadata.Format?
  /// What the pictures of a turned video say.
  private var ofVideo: StillMetadata?
  /// The file of each frame that was written.
  private var sources: [String?] = []
  private let isGray: Bool

  init(_ output: OutputSetup, source: VideoReader?) {
    let isPicture = output.container.isImages || output.container.name == "webp"
    target = isPicture ? StillMetadata.format(ofName: output.path) : nil
    isGray = output.choice.layout.components.count <= 2
    if let info = source?.info, source?.firstFile == nil,
      let number = EXIFBlock.orientation(degrees: info.rotation, isMirrored: info.isMirrored)
    {
      ofVideo = StillMetadata()
      ofVideo?.exif = EXIFBlock.make(orientation: number, density: nil)
    }
  }

  mutating func note(_ picture: PicturePointer?, in demuxer: Demuxer?) {
    guard target != nil else { return }
    sources.append(demuxer.flatMap { StillFiles.path(of: picture, in: $0) })
  }

  /// Puts what the sources say into finished files, one for each frame.
  ///
  /// - Throws: `MediaError.cannotWrite` or `.diskFull`.
  func finish(_ name: (_ frame: Int) -> String, path: String) throws {
    guard target != nil else { return }
    for (index, source) in sources.enumerated() {
      let input = source.flatMap(StillMetadata.data(ofFile:))
      guard var metadata = input.flatMap(StillMetadata.init(of:)) ?? ofVideo, !metadata.isEmpty else {
        continue
      }
      if !fits(metadata.profile) { metadata.profile = nil }
      if metadata.profile == nil { metadata.native.removeAll { $0.name == "iCCP" } }
      let url = URL(fileURLWithPath: name(index))
      do {
        let data = try Data(contentsOf: url)
        let sameFormat = input.flatMap(StillMetadata.format(of:)) == StillMetadata.format(of: data)
        try metadata.added(to: data, sameFormat: sameFormat).write(to: url)
      } catch {
        let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
        throw MediaError(
          isFull ? .diskFull : .cannotWrite,
          "\(path): what the input says beside its samples can't be written: \(error.localizedDescription)")
      }
    }
  }

  /// Whether a profile is for the output's kind of colours, gray or RGB.
  private func fits(_ profile: [UInt8]?) -> Bool {
    guard let profile else { return true }
    let space = Data(profile).piece(16, 4).map { String(decoding: $0, as: UTF8.self) }
    return space == (isGray ? "GRAY" : "RGB ")
  }

  /// Endings of formats whose metadata are not read here.
  private static let unread = [".jp2", ".j2k", ".jxl", ".avif", ".heic", ".heif", ".psd"]

  /// A warning for a format whose metadata are not read here, where its first bytes show that it has some.
  private static func unknownWarning(_ data: Data, _ file: String) -> String? {
    guard unread.contains(where: file.lowercased().hasSuffix) else { return nil }
    let start = data.prefix(1 << 20)
    let marks = [("Exif", "EXIF data"), ("acsp", "the ICC profile"), ("http://ns.adobe.com/xap", "XMP data")]
    let found = marks.filter { start.range(of: Data($0.0.utf8)) != nil }.map(\.1)
    if found.isEmpty { return nil }
    return
      "\(file): \(found.joined(separator: ", ")) of the input may be left out: they are kept of .jpg, .png and .webp"
  }

  /// A warning of what can't be kept of the first file.
  func warning(_ source: VideoReader, container target: String) -> String? {
    if source.firstFile == nil && source.demuxer.formatName.hasSuffix("_pipe") {
      return
        "\(source.path): what a picture says beside its samples, such as EXIF data, is not read from a pipe, and was left "
        + "out but for its orientation: name a file"
    }
    let container = source.demuxer.source
    let isOther = StillFiles.unread.contains(where: container.lowercased().hasSuffix)
    guard let file = source.firstFile ?? (isOther ? container : nil),
      let data = StillMetadata.data(ofFile: file)
    else { return nil }
    guard let metadata = StillMetadata(of: data) else { return StillFiles.unknownWarning(data, file) }
    let from = StillMetadata.format(of: data)
    var lost = metadata.losses(from: from, to: self.target)
    if self.target != nil && !fits(metadata.profile) {
      lost.append("the ICC profile, which is of other colours")
    }
    if lost.isEmpty { return nil }
    let list =
      lost.count < 2 ? lost.joined() : lost.dropLast().joined(separator: ", ") + " and " + (lost.last ?? "")
    let reason =
      self.target == nil
      ? "the container \(target) cannot hold them; names ending in .jpg, .png and .webp keep them"
      : "they can't be kept in the output"
    return "\(file): of what it says beside its samples, \(list) were left out: \(reason)"
  }
}
