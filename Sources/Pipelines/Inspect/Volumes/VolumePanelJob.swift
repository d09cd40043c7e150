import Foundation
import Inspection
import Media
import Volumes

/// Makes one labelled picture of three orthogonal slices of a restored volume.
public struct VolumePanelJob: Sendable {
  public var files: InspectedFiles
  /// The voxel that the slices go through: x, y, z from 0; nil for the middle of what is missing.
  public var voxel: [Int]?
  /// Which volume of a series, from 0.
  public var number: Int
  /// Pixels for the shortest side of a voxel; nil for a size that suits a screen.
  public var zoom: Double?
  /// A name that ends in .png or .jpg.
  public var output: String
  public var overwrite: Bool

  private static let largestPanel = 200_000_000

  public init(
    files: InspectedFiles, voxel: [Int]? = nil, number: Int = 0, zoom: Double? = nil, output: String,
    overwrite: Bool = false
  ) {
    (self.files, self.voxel, self.number, self.zoom) = (files, voxel, number, zoom)
    (self.output, self.overwrite) = (output, overwrite)
  }

  /// Reads `120,40,33`.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public static func voxel(parsing text: String) throws -> [Int] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let known = numbers.compactMap { $0 }
    guard numbers.count == 3, known.count == 3, known.allSatisfy({ $0 >= 0 }) else {
      throw JobError.configuration("'\(text)' is no voxel: write x,y,z from 0 on, such as 120,40,33")
    }
    return known
  }

  /// - Throws: `JobError`.
  public func run(warn: (String) -> Void = { _ in }) throws {
    try JobError.during(.reading) {
      guard let format = PictureEncoder.Format(of: output, quality: 92) else {
        throw JobError.configuration(
          "\(output) says not what it should be: of volumes, a picture (.png, .jpg)")
      }
      try OutputPath.check(output, inputs: files.paths, overwrite: overwrite)
      let volumes = try VolumeInspection(files, number: number)
      for warning in volumes.warnings { warn(warning) }
      let panel = Self.panel(of: volumes, at: try checked(volumes), zoom: zoom, files)
      let (width, height) = panel.size
      guard width <= Self.largestPanel / max(height, 1) else {
        throw JobError.configuration("\(output) would be too large: give a smaller --zoom")
      }
      try AtomicFile.write(PictureEncoder.data(of: panel.picture(), as: format), to: output)
    }
  }

  func checked(_ volumes: VolumeInspection) throws -> [Int] {
    guard let voxel else { return volumes.middle() }
    let shape = volumes.restored.shape
    guard zip(voxel, [shape.x, shape.y, shape.z]).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
      throw JobError.configuration(
        "there is no voxel \(voxel.map(String.init).joined(separator: ",")): \(files.result) has \(shape.text)"
      )
    }
    return voxel
  }

  /// The panel of three slices through a voxel.
  static func panel(of volumes: VolumeInspection, at voxel: [Int], zoom: Double?, _ files: InspectedFiles)
    -> VolumePanel
  {
    let slices = [VolumeAxis.z, .y, .x].map { volumes.slice(across: $0, through: voxel) }
    let slice = slices[0]
    let i = slice.row * slice.width + slice.column
    var numbers = ["damaged \(voxelText(slice.damaged[i]))", "restored \(voxelText(slice.restored[i]))"]
    if let reference = slice.reference { numbers.append("reference \(voxelText(reference[i]))") }
    numbers.append(slice.missing[i] != 0 ? "missing" : "known")
    var place = "voxel \(voxel.map(String.init).joined(separator: ", "))"
    if let point = volumes.place(of: voxel) {
      place += " at \(point.map { String(format: "%.1f", $0) }.joined(separator: ", "))"
    }
    if volumes.restored.shape.volumes > 1 { place += " of volume \(volumes.number)" }
    return VolumePanel(
      slices: slices, window: volumes.window, zoom: zoom,
      title: files.title,
      facts: ["\(place):  \(numbers.joined(separator: "  ·  "))"])
  }
}
