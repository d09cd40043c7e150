import ArgumentParser
import Pipelines

/// The options that only volumes have: masks, and distances of voxels.
struct VolumeArguments: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Slices that are missing altogether, counted from 0.", valueName: "10,20-25"))
  var missingSlices: [String] = []

  @Option(
    help: ArgumentHelp("The axis that --missing-slices counts along: x, y or z.", valueName: "axis"),
    completion: .list(["x", "y", "z"]))
  var axis = "z"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A number that stands for missing. What is no number is missing in any case."))
  var missingValue: Double?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A box of missing voxels; repeatable.", valueName: "x,y,z,w,h,d"))
  var maskBox: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Leaves what is no number (NaN, infinite) as it is, such as the background of a map, unless the mask names it."
    ))
  var keepNan = false

  @Option(
    help: ArgumentHelp(
      "Distances of voxels along x, y and z, for files that do not say or say it wrongly.", valueName: "x,y,z"
    ))
  var spacing: String?

  @Option(
    help: ArgumentHelp(
      "What the pages of a TIFF stack are, slowest first: slices, channels, time points (default: as the file says).",
      valueName: "z,c,t"))
  var stackAs: String?

  mutating func validate() throws { _ = try settings() }

  /// - Throws: `JobError`.
  func settings(grid: [OptionSettings.Option?] = []) throws -> VolumeSettings {
    try OptionSettings(
      [
        .init("mask.slices", "--missing-slices", list: missingSlices), .init("mask.axis", "--axis", axis),
        .init("mask.missing_value", "--missing-value", missingValue),
        .init("mask.boxes", "--mask-box", list: maskBox),
        .init("mask.keep_nan", "--keep-nan", keepNan), .init("solve.stack_as", "--stack-as", stackAs),
        .init("solve.spacing", "--spacing", spacing),
      ] + grid
    ).volume()
  }
}

/// The options of a finer grid.
struct VolumeGridArguments: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Fills in slices, rows or columns until voxels are as nearly cubes as whole factors make them."))
  var isotropic = false

  @Option(
    help: ArgumentHelp(
      "Makes the grid so many times finer along x, y and z: whole factors; what lies between is filled in.",
      valueName: "x,y,z"))
  var scale: String?

  mutating func validate() throws { _ = try OptionSettings(options).volume() }

  var options: [OptionSettings.Option?] {
    [.init("solve.isotropic", "--isotropic", isotropic), .init("solve.scale", "--scale", scale)]
  }
}
