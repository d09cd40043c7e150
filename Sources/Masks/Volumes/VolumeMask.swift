import Volumes

/// The missing voxels of a volume, or of each volume of a series: the union of a mask file, slices, boxes, a number that
/// marks them, and voxels that are NaN or infinite.
public final class VolumeMask {
  private let volume: Volume
  private let options: MaskOptions
  private let volumeOptions: VolumeMaskOptions
  private let file: VolumeMaskFile?
  /// Slices and boxes: 1 where missing, x fastest.
  private var always: [UInt8]
  /// The stored number that marks missing voxels.
  private let marker: Double?
  /// Whether no option says what is missing, so that only voxels that are NaN or infinite are.
  public var isSilent: Bool { options.file == nil && marker == nil && volumeOptions.isEmpty }
  public private(set) var warnings: [String] = []

  /// - Parameter allowsNothing: whether options that name nothing are accepted for a volume without NaN.
  /// - Throws: `MaskError`.
  public init(
    options: MaskOptions, volumeOptions: VolumeMaskOptions, volume: Volume, name: String,
    allowsNothing: Bool = false
  ) throws {
    try Self.check(options, volumeOptions, volume, name: name, allowsNothing: allowsNothing)
    (self.volume, self.options, self.volumeOptions) = (volume, options, volumeOptions)
    always = Array(repeating: 0, count: volume.shape.voxels)
    let value = volumeOptions.value ?? options.value.map(Double.init)
    marker = value.map { ($0 - volume.intercept) / volume.slope }
    file = try options.file.map {
      try VolumeMaskFile(
        path: $0, pages: volumeOptions.pages, isKnownWhereSet: options.threshold.polarity == .blackIsMissing,
        volume: volume, name: name)
    }
    try addSlices(name)
    try addBoxes()
    if let warning = file?.warning { warnings.append(warning) }
    if let warning = warningOfNaN(name) { warnings.append(warning) }
  }

  /// A warning where a mask names missing voxels, and others are NaN or infinite and are therefore filled as well.
  private func warningOfNaN(_ name: String) -> String? {
    if isSilent || volumeOptions.keepsNaN || !volume.type.isFloat { return nil }
    let count = (0..<volume.shape.volumes).reduce(0) { sum, number in
      let named = named(ofVolume: number)
      return sum
        + notNumbers(ofVolume: number) { named[$0] == 0 && always[$0] == 0 }.reduce(0) { $0 + Int($1) }
    }
    if count == 0 { return nil }
    return
      "\(count) voxel\(count == 1 ? "" : "s") of \(name) that nothing names as missing \(count == 1 ? "is" : "are") "
      + "no number (NaN or infinite) and missing as well: --keep-nan (mask.keep_nan) leaves such voxels as they are"
  }

  /// Refuses options that are for videos only, and options that name nothing.
  private static func check(
    _ options: MaskOptions, _ volumeOptions: VolumeMaskOptions, _ volume: Volume, name: String,
    allowsNothing: Bool
  ) throws {
    let hints = [
      (!options.rectangles.isEmpty, "--mask-rect", "--mask-box x,y,z,w,h,d"),
      (!options.tracks.isEmpty, "--mask-track", "a mask of the volume's size"),
      (options.detection != nil, "--detect", "a mask of the voxels that are missing"),
      (!options.valuePlaces.isEmpty, "--mask-within", "a mask of the voxels that are missing"),
      (!options.keptRectangles.isEmpty, "--keep-rect", "a mask that is 0 there"),
      (options.keptFile != nil, "--keep-mask", "a mask that is 0 there"),
      (!options.frames.isEmpty, "--mask-frames", "--missing-slices 10-14"),
      (options.colour != nil, "--mask-color", "--missing-value"),
      (options.corruptFrames, "--mask-corrupt", "--missing-slices"),
      (options.gapFrames, "--mask-gaps", "--missing-slices"),
      (options.holdsLastFrame, "--mask-hold", "a mask of the volume's size"),
      (options.tolerance != nil, "--mask-tolerance", "--mask FILE"),
      (options.planes != .all, "--mask-planes", "a mask of the volume's size"),
      (options.bayer != nil, "--mask-bayer", "a mask of the volume's size"),
      (
        options.threshold.level != MaskThreshold().level, "--mask-threshold",
        "a mask that is 0 where voxels are known"
      ),
    ]
    if let hint = hints.first(where: \.0) {
      throw MaskError(.options, "\(hint.1) is of videos and \(name) is a volume: give \(hint.2) instead")
    }
    if options.dilation < 0 {
      throw MaskError(.options, "--mask-dilate \(options.dilation) is negative: give a radius in voxels")
    }
    if options.value != nil && volumeOptions.value != nil {
      throw MaskError(.options, "--mask-value and --missing-value say the same: give one of them")
    }
    let isSilent = options.file == nil && options.value == nil && volumeOptions.isEmpty
    if isSilent && (!volume.type.isFloat || volumeOptions.keepsNaN) && !allowsNothing {
      throw MaskError(
        .options,
        "nothing says what is missing in \(name): give --mask FILE, --missing-slices, --missing-value or --mask-box"
      )
    }
  }

  private func addSlices(_ name: String) throws {
    guard let axis = VolumeAxis(name: volumeOptions.axis) else {
      throw MaskError(.options, "--axis \(volumeOptions.axis) is none: choose x, y or z")
    }
    let count = volume.shape[axis]
    for range in volumeOptions.slices {
      let last = range.last ?? count - 1
      guard range.first < count, last < count else {
        throw MaskError(
          .mismatch,
          "\(range.first == last ? "slice \(last) does" : "slices \(range.text) do") not exist: \(name) has "
            + "\(numbered(count, "slice along \(axis.name)", "slices along \(axis.name)"))"
        )
      }
      var (origin, size) = ([0, 0, 0], VolumeAxis.allCases.map { volume.shape[$0] })
      origin[axis.rawValue] = range.first
      size[axis.rawValue] = last - range.first + 1
      mark(origin, size)
    }
  }

  private func addBoxes() throws {
    for box in volumeOptions.boxes {
      let first = box.origin.map { max($0, 0) }
      let end = VolumeAxis.allCases.map {
        min(box.origin[$0.rawValue] + box.size[$0.rawValue], volume.shape[$0])
      }
      let size = zip(first, end).map { $1 - $0 }
      guard size.allSatisfy({ $0 > 0 }) else {
        throw MaskError(
          .options, "the box \(box.text) lies outside the volume, which is \(volume.shape.text)")
      }
      if size != box.size {
        warnings.append(
          "the box \(box.text) reaches beyond the volume, which is \(volume.shape.text); it is cut off")
      }
      mark(first, size)
    }
  }

  private func mark(_ origin: [Int], _ size: [Int]) {
    let shape = volume.shape
    for z in origin[2]..<origin[2] + size[2] {
      for y in origin[1]..<origin[1] + size[1] {
        let row = (z * shape.y + y) * shape.x
        for x in origin[0]..<origin[0] + size[0] { always[row + x] = 1 }
      }
    }
  }

  /// The mask of a volume of the series: 1 where missing, x fastest.
  ///
  /// It depends on the voxels' numbers: call it before the volume is changed.
  public func missing(ofVolume number: Int) -> [UInt8] {
    var found = named(ofVolume: number)
    let kept = volumeOptions.keepsNaN ? kept(ofVolume: number, besides: found) : []
    if volume.type.isFloat && !volumeOptions.keepsNaN {
      for (i, isNone) in notNumbers(ofVolume: number).enumerated() where isNone != 0 { found[i] = 1 }
    }
    if options.dilation > 0 && found.contains(1) {
      let shape = volume.shape
      Dilation.grow(&found, sides: [shape.x, shape.y, shape.z], by: options.dilation)
    }
    for i in found.indices where always[i] != 0 { found[i] = 1 }
    for i in kept.indices where kept[i] != 0 { found[i] = 0 }
    return found
  }

  /// Voxels that are neither known nor missing: 1 where a voxel is NaN or infinite and stays so, x fastest; empty where
  /// there are none.
  public func kept(ofVolume number: Int) -> [UInt8] {
    guard volumeOptions.keepsNaN, volume.type.isFloat else { return [] }
    let kept = kept(ofVolume: number, besides: named(ofVolume: number))
    return kept.contains(1) ? kept : []
  }

  /// The same for what a mask and its marker name. Growing a mask does not make kept voxels missing.
  private func kept(ofVolume number: Int, besides named: [UInt8]) -> [UInt8] {
    notNumbers(ofVolume: number) { named[$0] == 0 && always[$0] == 0 }
  }

  /// Voxels that the mask file or the marker names.
  private func named(ofVolume number: Int) -> [UInt8] {
    var found = file?.missing(ofVolume: number) ?? Array(repeating: 0, count: volume.shape.voxels)
    if let marker { add(marker, number, to: &found) }
    return found
  }

  /// 1 where a voxel is NaN or infinite; `isAsked` chooses the voxels that count.
  private func notNumbers(ofVolume number: Int, where isAsked: (Int) -> Bool = { _ in true }) -> [UInt8] {
    let area = volume.shape.x * volume.shape.y
    var result = [UInt8](repeating: 0, count: volume.shape.voxels)
    guard volume.type.isFloat else { return result }
    var values: [Double] = []
    for z in 0..<volume.shape.z {
      volume.read(.init(.z, z, ofVolume: number), into: &values)
      for i in 0..<area where !values[i].isFinite && isAsked(z * area + i) { result[z * area + i] = 1 }
    }
    return result
  }

  private func add(_ marker: Double, _ number: Int, to found: inout [UInt8]) {
    let area = volume.shape.x * volume.shape.y
    // Slope and intercept make rounding errors in the last digits.
    let tolerance = volume.slope == 1 && volume.intercept == 0 ? 0 : 1e-6 * max(1, abs(marker))
    let (low, high) = (marker - tolerance, marker + tolerance)
    let single = volume.type == .float32 ? Double(Float(marker)) : marker
    var values: [Double] = []
    for z in 0..<volume.shape.z {
      volume.read(.init(.z, z, ofVolume: number), into: &values)
      for i in 0..<area {
        let value = values[i]
        if (value >= low && value <= high) || value == single { found[z * area + i] = 1 }
      }
    }
  }
}
