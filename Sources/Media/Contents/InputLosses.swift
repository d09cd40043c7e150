internal import CFFmpeg
internal import TIFF

/// What an output can't hold of what its input says, beside whole streams: a writer and a plan find it out here.
struct InputLosses {
  /// Whether TIFF files are written as they were read but for their samples.
  let keepsPages: Bool
  private(set) var keepsChapters: Bool
  /// A sentence for each kind.
  private(set) var warnings: [String] = []
  /// For pictures behind the first one; nil where whole files are kept, or where nobody knows what is.
  private(set) var log: LossLog?

  /// - Throws: `MediaError` where what the input says makes the output impossible.
  init(
    of source: VideoReader, in muxer: Muxer, choice: EncoderChoice, properties: VideoProperties,
    settings: EncodeSettings, path: String
  ) throws {
    let stills = StillFiles(path: path, muxer: muxer, source: source, layout: choice.layout)
    if settings.streams.metadata, let warning = stills.warning(source, container: muxer.name) {
      warnings.append(warning)
    }
    let page = source.decoder.page
    keepsPages =
      page != nil && muxer.isImages && choice.codec.pointee.id == AV_CODEC_ID_TIFF && settings.keepsPages
    keepsChapters = source.demuxer.context.pointee.nb_chapters > 0 && settings.streams.chapters
    if let page { warnings += try Self.warnings(about: page, isKept: keepsPages, path: muxer.path) }
    if keepsPages { return }
    let rehearsal = Rehearsal(path: path, properties: properties, settings: settings, format: muxer.format)
    do {
      let losses = try rehearsal.losses(of: source, container: muxer.name, encoder: choice.name)
      keepsChapters = keepsChapters && losses.keepsChapters
      warnings += losses.sentences(of: source)
      log = LossLog(rehearsal, source: source, container: muxer.name, encoder: choice.name)
    } catch {
      warnings.append(LossLog.unknown(source.path, "\(error)"))
    }
  }

  /// What a TIFF file's output can't be or can't say.
  ///
  /// - Throws: `MediaError`.
  private static func warnings(about page: TIFFPicture, isKept: Bool, path: String) throws -> [String] {
    let stored = "masks and rectangles lie on the picture as it is stored, which a tag says is shown turned"
    if isKept {
      do { try page.checkOutput(path) } catch let error as TIFFError { throw MediaError(error) }
      return page.isTurned ? ["\(path): \(stored)"] : []
    }
    if page.isInk {
      throw MediaError(
        .unsupported,
        "\(path) can't hold the inks of the input (cyan, magenta, yellow, black), which stay in TIFF only: use a name "
          + "ending in .tif, without options of encoders")
    }
    let turn = page.isTurned ? ["\(path): \(stored); the output is not turned"] : []
    let tags = page.ownTags
    // Another program writes the output.
    if tags.isEmpty || tags == ["the program"] { return turn }
    return turn + [
      "\(path) can't hold the TIFF tags of the input, which were left out: \(tags.joined(separator: ", "))"
    ]
  }
}
