import ArgumentParser
import Frames
import Inspection
import Pipelines

/// `inrr-video inspect --model FILE.safetensors [--frame 12 | --time 12.5] [--scale 2] [-o out.png]`
struct ModelArguments: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "Lists what a file of --save-model holds, or shows it with -o.", valueName: "file.safetensors"))
  var file: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A time between frames, counted in frames from 0.", valueName: "frame"))
  var time: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("Pixels for each sample.", valueName: "factor"))
  var scale: Double?

  /// - Throws: `ValidationError`.
  func check(frame: String?, output: String?, crop: String?) throws {
    if let scale, !ModelPicture.scales.contains(scale) {
      throw ValidationError(
        "--scale \(scale) lies outside \(ModelPicture.scales.lowerBound) ... \(ModelPicture.scales.upperBound)"
      )
    }
    if let time, !(0...1e9).contains(time) {
      throw ValidationError("--time \(time) is no time in frames from 0 on")
    }
    if output == nil {
      guard frame == nil, time == nil, scale == nil, crop == nil else {
        throw ValidationError("where is the picture to go? Give -o out.png")
      }
    } else if (frame == nil) == (time == nil) {
      throw ValidationError("which moment? Give --frame 12, or --time 12.5 for one between frames")
    }
  }

  /// - Throws: `JobError`.
  func run(frame: String?, output: String?, crop: String?, overwrite: Bool) throws {
    guard let file else { return }
    guard let output else { return print(try ModelFile(path: file).text) }
    var moment = time ?? 0
    if let frame {
      let list = try FrameList(parsing: frame).frames
      guard list.count == 1 else {
        throw JobError.configuration(
          "--frame \(frame) names several frames: a saved representation is shown one at a time")
      }
      moment = Double(list[0])
    }
    let picture = ModelPicture(
      time: moment, crop: try crop.map(Box.init(parsing:)), scale: scale ?? 1)
    try picture.write(of: file, to: output, overwrite: overwrite)
    print(Figures.line("output", output))
  }
}
