import Detection
import Foundation
import Media
import Volumes

extension RestoreJob {
  /// Refuses settings of volumes for a video, and of videos for a volume.
  func checkSettings() throws {
    if !VolumeFile.isVolume(input) {
      if !volume.isEmpty { throw JobError.volumeOptions(for: input) }
      return try masks.validate()
    }
    if masks.detection != nil { throw JobError.videosOnly("--detect", input) }
    if !masks.tracks.isEmpty { throw JobError.videosOnly("--mask-track", input) }
    if masks.overlay != .opaque { throw JobError.videosOnly("--overlay", input) }
    if savedMask != nil {
      throw JobError.configuration("--save-mask is of videos, and \(input) is a volume: leave it out")
    }
    let usual = EncodeSettings()
    if encoding.codec != nil || encoding.pixelFormat != usual.pixelFormat || encoding.crf != usual.crf
      || !encoding.options.isEmpty || encoding.container != nil || stream != nil
    {
      throw JobError.configuration(
        "\(input) is a volume, which is written as it was read: leave out --codec, --crf, --pixel-format, "
          + "--encoder-option, --container and --stream"
      )
    }
  }

  /// Checks all paths before anything is read.
  func checkPaths(_ warn: (String) -> Void) throws {
    let inputs = [input] + masks.files
    try OutputPath.checkStandardInput(inputs)
    try masks.detection?.checkInput(input)
    try masks.checkTracks(input)
    try OverlayLook.check(masks, input: input)
    // A mask that does not fit is told before an output that is there already: --force would not help.
    if !overwrite, FileManager.default.fileExists(atPath: output),
      !inputs.contains(where: StandardStream.isReadOnce)
    {
      var job = self
      // Whatever surveys find, it fits.
      job.surveyed = SurveyedDamage()
      _ = try job.open(JobEvents(), isWritten: false)
    }
    try OutputPath.check(output, inputs: inputs, overwrite: overwrite)
    if report != nil && output == StandardStream.path {
      throw JobError.configuration(
        "--report reads the output again, which standard output does not allow: leave it out")
    }
    if let page = page(RestorationRecord()) {
      if StandardStream.isReadOnce(input) {
        throw JobError.configuration(
          "--report reads the input again, which \(input) does not allow: leave it out")
      }
      try page.checkPaths()
    }
    try maskJob?.check(others: inputs + [output] + [metrics, savedModel].compactMap { $0 })
    if let savedOverlay {
      try OverlayFile.check(
        savedOverlay, others: inputs + [output] + [metrics, savedModel, savedMask].compactMap { $0 },
        overwrite: overwrite || resumes)
    }
    try checkModel(inputs)
    try checkMetrics(inputs)
    try clearUnfinished(warn)
  }

  private func checkMetrics(_ inputs: [String]) throws {
    guard let metrics else { return }
    for other in inputs + [output] where OutputPath.isSame(metrics, other) {
      throw JobError.configuration(
        "the report \(metrics) would replace \(other): name another with --metrics")
    }
    try AtomicFile.checkFolder(of: metrics)
  }

  /// Removes unfinished files of runs that were killed, and refuses an output that another run is writing.
  private func clearUnfinished(_ warn: (String) -> Void) throws {
    let others = UnfinishedFile.inspect(beside: output)
    if let writer = others.writers.first {
      throw JobError.tryAgain(
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
    // The output's folder has been looked at.
    for path in [metrics, savedModel].compactMap({ $0 })
    where PathName.folder(of: path) != PathName.folder(of: output) {
      _ = UnfinishedFile.inspect(beside: path)
    }
  }

  private func checkModel(_ inputs: [String]) throws {
    guard let savedModel else { return }
    guard restoration.model == .tucker, restoration.coordinates == .volume, restoration.preset != .paper
    else {
      throw JobError.configuration(
        "--save-model saves the representation tucker of volumes: leave out other models")
    }
    for other in inputs + [output, metrics].compactMap({ $0 }) where OutputPath.isSame(savedModel, other) {
      throw JobError.configuration(
        "the model \(savedModel) would replace \(other): name another with --save-model")
    }
    if !overwrite && FileManager.default.fileExists(atPath: savedModel) {
      throw JobError.output("\(savedModel) exists already: give --force to replace it, or another name")
    }
    try AtomicFile.checkFolder(of: savedModel)
  }
}
