internal import CFFmpeg
internal import TIFF

/// What of its input an output can't hold, beside whole streams. A writer and a plan find it out here.
struct InputLosses {
  /// Whether TIFF files are written as they were read, with other samples.
  let keepsPages: Bool
  private(set) var keepsChapters: Bool
  /// A sentence for each kind.
  private(set) var warnings: [String] = []
  /// For pictures after the first one; nil where whole files are kept, or where the losses can't be found out.
  private(set) var log: LossLog?

  /// - Throws: `MediaError` where something of the input makes the output impossible.
  init(of source: VideoReader, in output: OutputSetup) throws {
    let settings = output.settings
    let stills = StillFiles(output, source: source)
    if settings.streams.metadata, let warning = stills.warning(source, container: output.container.name) {
      warnings.append(warning)
    }
    let page = source.decoder.page
    keepsPages =
      page != nil && output.container.isImages && output.choice.codec.pointee.id == AV_CODEC_ID_TIFF
      && settings.keepsPages
    keepsChapters = source.demuxer.context.pointee.nb_chapters > 0 && settings.streams.chapters
    if let page {
      let path = StandardStream.outputName(output.path)
      warnings += try Self.warnings(about: page, isKept: keepsPages, path: path)
    }
    if keepsPages { return }
    do {
      let losses = try Rehearsal(output).losses(of: source)
      keepsChapters = keepsChapters && losses.keepsChapters
      warnings += losses.sentences(of: source)
      log = LossLog(output, source: source)
    } catch {
      warnings.append(LossLog.unknown(source.path, "\(error)"))
    }
  }

  /// What of a TIFF file the output can't hold.
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
    // The tag that names the program is rightly another one in the output.
    if tags.isEmpty || tags == ["the program"] { return turn }
    return turn + [
      "\(path) can't hold the TIFF tags of the input, which were left out: \(tags.joined(separator: ", "))"
    ]
  }
}
