import Foundation
import Frames
import Masks
import Media
import Reconstruction

extension RestoreJob {
  /// Finds out what is wrong with the paths before anything is read.
  func checkPaths(_ warn: (String) -> Void) throws {
    let inputs = [input] + (masks.file.map { [$0] } ?? [])
    try OutputPath.checkStandardInput(inputs)
    try OutputPath.check(output, inputs: inputs, overwrite: overwrite)
    if report != nil && output == StandardStream.path {
      throw JobError(
        .configuration, "--report reads the output again, which standard output does not allow: leave it out")
    }
    if let page = reportJob(RestorationRecord()) {
      if StandardStream.isReadOnce(input) {
        throw JobError(
          .configuration, "--report reads the input again, which \(input) does not allow: leave it out")
      }
      try page.checkPaths()
    }
    try checkModel(inputs)
    try checkMetrics(inputs)
    try clearUnfinished(warn)
  }

  private func checkMetrics(_ inputs: [String]) throws {
    guard let metrics else { return }
    for other in inputs + [output] where OutputPath.isSame(metrics, other) {
      throw JobError(
        .configuration, "the report \(metrics) would replace \(other): name another with --metrics")
    }
    try AtomicFile.checkFolder(of: metrics)
  }

  /// Removes what runs that were killed left beside the output, and refuses to write what another run writes.
  private func clearUnfinished(_ warn: (String) -> Void) throws {
    let others = UnfinishedFile.inspect(beside: output)
    if let writer = others.writers.first {
      throw JobError(
        .tryAgain,
        "\(output) is being written by \(writer.text): wait for it to end, or name another output")
    }
    for (path, writer) in others.doubtful {
      warn("\(path) was left unfinished by \(writer.text): delete it if that is no longer at work")
    }
    if !others.removed.isEmpty && store == nil {
      warn(
        "a run that was killed had left \(others.removed.joined(separator: ", ")), which was removed; a run with "
          + "--resume keeps what it has solved")
    }
    // Not the reports' folders where they are the output's.
    for path in [metrics, savedModel].compactMap({ $0 })
    where PathName.folder(of: path) != PathName.folder(of: output) {
      _ = UnfinishedFile.inspect(beside: path)
    }
  }

  private func checkModel(_ inputs: [String]) throws {
    guard let savedModel else { return }
    guard restoration.model == .tucker, restoration.coordinates == .volume, restoration.preset != .paper
    else {
      throw JobError(
        .configuration, "--save-model saves the representation tucker of volumes: leave out other models")
    }
    for other in inputs + [output, metrics].compactMap({ $0 }) where OutputPath.isSame(savedModel, other) {
      throw JobError(
        .configuration, "the model \(savedModel) would replace \(other): name another with --save-model")
    }
    if !overwrite && FileManager.default.fileExists(atPath: savedModel) {
      throw JobError(.output, "\(savedModel) exists already: give --force to replace it, or another name")
    }
    try AtomicFile.checkFolder(of: savedModel)
  }

  /// What a file of representations says about the video.
  func savedVideo(_ reader: VideoReader) -> SavedModel.Video {
    let encoding = ColourEncoding(of: reader.info)
    let orientation = DisplayOrientation(of: reader.info)
    return SavedModel.Video(
      input: PathName.name(of: input), width: reader.format.width, height: reader.format.height,
      bitDepth: reader.format.bitDepth, roles: reader.format.planes.map(\.role),
      redWeight: encoding.redWeight,
      blueWeight: encoding.blueWeight, isFullRange: encoding.isFullRange,
      framesPerSecond: reader.info.averageFrameRate?.value ?? 0,
      quarterTurns: orientation.quarterTurns, isMirrored: orientation.mirrored,
      sampleAspect: reader.info.displayedSampleAspect, transfer: reader.info.colorTransfer,
      primaries: reader.info.colorPrimaries)
  }

  /// Whether interlaced frames are taken apart: saved models are of frames as they are stored.
  var solvesFields: Bool { !interlacedAsFrames && savedModel == nil }

  /// What is to be said about interlaced frames that were left whole though nobody asked for that.
  func interlacedWarning(_ fields: FieldStreams) -> String? {
    if interlacedAsFrames || fields.interlacedFrames == 0 || fields.firstFrame != nil { return nil }
    let cause =
      savedModel == nil ? "its height does not come apart into fields" : "--save-model needs them whole"
    return
      "\(input) has \(fields.interlacedFrames) interlaced frames, which were restored as whole pictures: \(cause)"
  }

  func open(_ reader: VideoReader) throws -> VideoWriter {
    do {
      return try VideoWriter(path: output, source: reader, settings: encoding, overwrite: overwrite)
    } catch {
      throw JobError(error, while: .writing)
    }
  }

  /// The input's frames for the progress: its packets are counted where the container only suggests a number.
  func expectedFrames(_ reader: VideoReader, counted: Int?, _ isCancelled: () -> Bool) throws -> Int? {
    if reader.info.isFrameCountKnown || StandardStream.isReadOnce(input) { return counted }
    let frames = try PacketScan.countFrames(input, stream: stream, gaps: masks.gaps, isCancelled: isCancelled)
    return frames > 0 ? frames : counted
  }

  /// The input's frames, counted by decoding all of it; nil where it is damaged or can be read only once.
  func countFrames(_ isCancelled: () -> Bool) throws -> Int? {
    if StandardStream.isReadOnce(input) { return nil }
    let reader = try VideoReader(path: input, stream: stream, threads: restoration.threads, gaps: masks.gaps)
    var count = 0
    do {
      while try reader.nextFrame() != nil {
        if isCancelled() { throw RestorationError.cancelled }
        count += 1
      }
    } catch let error as MediaError where error.kind == .damaged {
      return nil
    }
    return reader.damage == nil ? count : nil
  }

  /// What was wrong with the input and how much of it was restored; nil where nothing was.
  func damageSentence(_ run: Run) -> String? {
    var cause = run.reader.damage?.sentence
    if let error = run.source.damage { cause = error.description }
    guard let cause else { return run.files.change }
    let announced = run.announced
    let frames = run.source.frames
    let share = announced.map { $0 > frames ? " of about \($0)" : "" } ?? ""
    return "\(cause); \(frames)\(share) frames were restored"
  }
}
