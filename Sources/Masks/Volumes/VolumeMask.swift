import Volumes

/// What is missing of a volume or of each volume of a series: a file, slices, boxes, a number, and what is no number.
public final class VolumeMask {
  private let volume: Volume
  private let options: MaskOptions
  private let volumeOptions: VolumeMaskOptions
  private let file: VolumeMaskFile?
  /// Slices and boxes, x fastest.
  private var always: [UInt8]
  /// The stored number that stands for missing.
  private let marker: Double?
  /// True where nothing was said: only what is no number is missing.
  public var isSilent: Bool { options.file == nil && marker == nil && volumeOptions.isEmpty }
  public private(set) var warnings: [String] = []

  /// - Parameter allowsNothing: whether a volume of integers may have nothing that is missing.
  /// - Throws: `MaskError`.
  public init(
    options: MaskOptions, volumeOptions: VolumeMaskOptions, volume: Volume, name: String,
    allowsNothing: Bool = false
  ) throws {
    try Self.check(options, volumeOptions, volume, name: name, allowsNothing: allowsNothing)
    self.volume = volume
    self.options = options
    self.volumeOptions = volumeOptions
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

  /// What is to be said where a mask names what is missing, and what is no number is filled beside that.
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

  /// Refuses what is said in terms of videos, and where nothing is said at all.
  private static func check(
    _ options: MaskOptions, _ volumeOptions: VolumeMaskOptions, _ volume: Volume, name: String,
    allowsNothing: Bool
  ) throws {
    let hints = [
      (!options.rectangles.isEmpty, "--mask-rect", "--mask-box x,y,z,w,h,d"),
      (!options.frames.isEmpty, "--mask-frames", "--missing-slices 10-14"),
      (options.colour != nil, "--mask-color", "--missing-value"),
      (options.corruptFrames, "--mask-corrupt", "--missing-slices"),
      (options.gapFrames, "--mask-gaps", "--missing-slices"),
      (options.holdsLastFrame, "--mask-hold", "a mask of the volume's size"),
      (options.tolerance != nil, "--mask-tolerance", "--mask FILE"),
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

  /// What is missing of a volume of the series, x fastest, 1 where missing.
  ///
  /// Numbers are looked at: ask before the volume is changed.
  public func missing(ofVolume number: Int) -> [UInt8] {
    var found = named(ofVolume: number)
    let kept = volumeOptions.keepsNaN ? kept(ofVolume: number, besides: found) : []
    if volume.type.isFloat && !volumeOptions.keepsNaN {
      for (i, isNone) in notNumbers(ofVolume: number).enumerated() where isNone != 0 { found[i] = 1 }
    }
    if options.dilation > 0 && found.contains(1) { dilate(&found) }
    for i in found.indices where always[i] != 0 { found[i] = 1 }
    for i in kept.indices where kept[i] != 0 { found[i] = 0 }
    return found
  }

  /// What is neither known nor missing of a volume, x fastest, 1 where it stays though it is no number; empty where
  /// there is nothing of the kind.
  public func kept(ofVolume number: Int) -> [UInt8] {
    guard volumeOptions.keepsNaN, volume.type.isFloat else { return [] }
    let kept = kept(ofVolume: number, besides: named(ofVolume: number))
    return kept.contains(1) ? kept : []
  }

  /// What grows out of a mask does not take away what is kept.
  private func kept(ofVolume number: Int, besides named: [UInt8]) -> [UInt8] {
    notNumbers(ofVolume: number) { named[$0] == 0 && always[$0] == 0 }
  }

  /// What the mask's file and the number that stands for missing say.
  private func named(ofVolume number: Int) -> [UInt8] {
    var found = file?.missing(ofVolume: number) ?? Array(repeating: 0, count: volume.shape.voxels)
    if let marker { add(marker, number, to: &found) }
    return found
  }

  /// 1 where a voxel of a volume is no number; only those are looked at that are asked about.
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
    // A number that went through a slope comes back with an error in its last digits.
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

  /// Grows what is missing by a cube, one axis after the other.
  private func dilate(_ missing: inout [UInt8]) {
    let shape = volume.shape
    let strides = [1, shape.x, shape.x * shape.y]
    for axis in VolumeAxis.allCases {
      let (step, count) = (strides[axis.rawValue], shape[axis])
      let radius = min(options.dilation, count)
      missing.withUnsafeMutableBufferPointer { missing in
        for start in 0..<missing.count where start / step % count == 0 {
          var (last, line) = (-1 - radius, [Int]())
          // Those that were missing before this axis; what the one before has marked is not marked again.
          for i in 0..<count where missing[start + i * step] != 0 { line.append(i) }
          for i in line {
            for k in max(
              last + radius + 1, i - radius, 0)..<max(last + radius + 1, min(count, i + radius + 1))
            {
              missing[start + k * step] = 1
            }
            last = i
          }
        }
      }
    }
  }
}
