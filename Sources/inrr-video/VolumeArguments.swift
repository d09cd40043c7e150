import ArgumentParser
import Masks
import Pipelines

/// The options that only volumes have: what of them is missing, and how far apart their voxels are.
struct VolumeArguments: ParsableArguments {
  @Option(
    name: .customLong("missing-slices"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Slices that are missing altogether, counted from 0.", valueName: "10,20-25"))
  var slices: [String] = []

  @Option(help: ArgumentHelp("The axis that --missing-slices counts along: x, y or z.", valueName: "axis"))
  var axis = "z"

  @Option(
    name: .customLong("missing-value"), parsing: .unconditional,
    help: ArgumentHelp("A number that stands for missing. What is no number is missing in any case."))
  var value: Double?

  @Option(
    name: .customLong("mask-box"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A box of missing voxels; repeatable.", valueName: "x,y,z,w,h,d"))
  var boxes: [String] = []

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
    name: .customLong("stack-as"),
    help: ArgumentHelp(
      "What the pages of a TIFF stack are, slowest first: slices, channels, time points (default: as the file says).",
      valueName: "z,c,t"))
  var stackAs: String?

  mutating func validate() throws { _ = try settings() }

  /// - Throws: `JobError`.
  func settings(grid: [OptionSettings.Option?] = []) throws -> VolumeSettings {
    try OptionSettings(
      [
        .init("mask.slices", "--missing-slices", list: slices), .init("mask.axis", "--axis", axis),
        .init("mask.missing_value", "--missing-value", value), .init("mask.boxes", "--mask-box", list: boxes),
        .init("mask.keep_nan", "--keep-nan", keepNan), .init("solve.stack_as", "--stack-as", stackAs),
        .init("solve.spacing", "--spacing", spacing),
      ] + grid
    ).volume()
  }
}

/// On what grid the restored volume is written.
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
