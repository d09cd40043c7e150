import Frames
import Media
import Reconstruction

extension RestoreJob {
  /// Finds out what is wrong with the paths before anything is read.
  func checkPaths() throws {
    try masks.validate()
    let inputs = [input] + (masks.file.map { [$0] } ?? [])
    try OutputPath.check(output, inputs: inputs, overwrite: overwrite)
    if let page = reportJob(RestorationRecord()) {
      if OutputPath.isReadOnce(input) {
        throw JobError(
          .configuration, "--report reads the input again, which \(input) does not allow: leave it out")
      }
      try page.checkPaths()
    }
    guard let metrics else { return }
    for other in inputs + [output] where OutputPath.isSame(metrics, other) {
      throw JobError(
        .configuration, "the report \(metrics) would replace \(other): name another with --metrics")
    }
    try AtomicFile.checkFolder(of: metrics)
  }

  func open(_ reader: VideoReader) throws -> VideoWriter {
    do {
      return try VideoWriter(path: output, source: reader, settings: encoding, overwrite: overwrite)
    } catch {
      throw JobError(error, while: .writing)
    }
  }

  /// The input's frames, counted by decoding all of it; nil where it is damaged or can be read only once.
  func countFrames(_ isCancelled: () -> Bool) throws -> Int? {
    if OutputPath.isReadOnce(input) { return nil }
    let reader = try VideoReader(path: input, threads: restoration.threads)
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
    guard let cause else { return nil }
    let announced = run.announced
    let frames = run.source.frames
    let share = announced.map { $0 > frames ? " of about \($0)" : "" } ?? ""
    return "\(cause); \(frames)\(share) frames were restored"
  }
}
