internal import CFFmpeg
import Foundation

/// Picture files on their way from input to output: which file a frame is from, and what it says beside its samples.
struct StillFiles {
  /// The path of the file that a picture is from; nil where the input is no picture file.
  static func path(of picture: UnsafePointer<AVFrame>?, in demuxer: Demuxer) -> String? {
    if let picture, let found = av_dict_get(picture.pointee.metadata, "lavf.image2dec.source_path", nil, 0) {
      return String(cString: found.pointee.value)
    }
    let name = demuxer.formatName
    let isPicture = name == "image2" || name.hasSuffix("_pipe") || name.contains("webp")
    return isPicture && !demuxer.isReadOnce ? demuxer.source : nil
  }

  /// How the first picture's file says that it is shown; nil where it says nothing.
  static func turn(
    of picture: UnsafePointer<AVFrame>, in demuxer: Demuxer
  ) -> (degrees: Int, isMirrored: Bool)? {
    path(of: picture, in: demuxer).flatMap(StillMetadata.init(ofFile:))?.exif
      .flatMap(EXIFBlock.orientation(of:)).map(EXIFBlock.turn(of:))
  }

  private let target: StillMetadata.Format?
  /// What a turned video says of each of its pictures.
  private let ofVideo: StillMetadata?
  /// The file of each frame that was written.
  private var sources: [String?] = []
  private let isGray: Bool

  /// - Parameters:
  ///   - path: the output
  ///   - muxer: of the output, which may be of picture files
  init(path: String, muxer: Muxer, source: VideoReader?, layout: PixelLayout) {
    target = muxer.isImages || muxer.name == "webp" ? StillMetadata.format(ofName: path) : nil
    isGray = layout.components.count <= 2
    let info = source?.info
    if let info, source?.firstFile == nil,
      let number = EXIFBlock.orientation(degrees: info.rotation, isMirrored: info.isMirrored)
    {
      var metadata = StillMetadata()
      metadata.exif = EXIFBlock.make(orientation: number, density: nil)
      ofVideo = metadata
    } else {
      ofVideo = nil
    }
  }

  mutating func note(_ picture: UnsafePointer<AVFrame>?, in demuxer: Demuxer?) {
    guard target != nil else { return }
    sources.append(demuxer.flatMap { StillFiles.path(of: picture, in: $0) })
  }

  /// Puts what the sources say into finished files, one for each frame.
  ///
  /// - Throws: `MediaError.cannotWrite` or `.diskFull`.
  func finish(_ name: (_ frame: Int) -> String, path: String) throws {
    guard target != nil else { return }
    for (index, source) in sources.enumerated() {
      let found = source.flatMap { file in
        (try? Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe)).flatMap { data in
          StillMetadata(of: data).map { ($0, StillMetadata.format(of: data)) }
        }
      }
      guard var metadata = found?.0 ?? ofVideo, !metadata.isEmpty else { continue }
      if !fits(metadata.profile) { metadata.profile = nil }
      if metadata.profile == nil { metadata.native.removeAll { $0.name == "iCCP" } }
      let url = URL(fileURLWithPath: name(index))
      do {
        let data = try Data(contentsOf: url)
        let sameFormat = found?.1 == StillMetadata.format(of: data)
        try metadata.added(to: data, sameFormat: sameFormat).write(to: url)
      } catch {
        let isFull = (error as? CocoaError)?.code == .fileWriteOutOfSpace
        throw MediaError(
          isFull ? .diskFull : .cannotWrite,
          "\(path): what the input says beside its samples can't be written: \(error.localizedDescription)")
      }
    }
  }

  /// Whether a profile is of the output's kind of colours: one of inks fits no picture that is written here.
  private func fits(_ profile: [UInt8]?) -> Bool {
    guard let profile else { return true }
    let space = Data(profile).piece(16, 4).map { String(decoding: $0, as: UTF8.self) }
    return space == (isGray ? "GRAY" : "RGB ")
  }

  private static let unread = [".jp2", ".j2k", ".jxl", ".avif", ".heic", ".heif", ".psd"]

  /// Formats whose own metadata are not read here, but where they can be seen.
  private static func unknownWarning(_ data: Data, _ file: String) -> String? {
    guard unread.contains(where: file.lowercased().hasSuffix) else { return nil }
    let start = data.prefix(1 << 20)
    let marks = [("Exif", "EXIF data"), ("acsp", "the ICC profile"), ("http://ns.adobe.com/xap", "XMP data")]
    let found = marks.filter { start.range(of: Data($0.0.utf8)) != nil }.map(\.1)
    if found.isEmpty { return nil }
    return
      "\(file): \(found.joined(separator: ", ")) of the input may be left out: they are kept of .jpg, .png and .webp"
  }

  /// What of the first file can't be kept, as a sentence.
  func warning(_ source: VideoReader, container target: String) -> String? {
    if source.firstFile == nil && source.demuxer.formatName.hasSuffix("_pipe") {
      return
        "\(source.path): what a picture says beside its samples, such as EXIF data, is not read from a pipe, and was left "
        + "out but for its orientation: name a file"
    }
    let container = source.demuxer.source
    let isOther = StillFiles.unread.contains(where: container.lowercased().hasSuffix)
    guard let file = source.firstFile ?? (isOther ? container : nil),
      let data = try? Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe)
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
