import Foundation

/// What a stack says of itself in its first page's description: ImageJ's lines `key=value`, OME's XML, or the shape that
/// the library tifffile notes.
struct TIFFMetadata: Equatable {
  var channels = 1
  var slices: Int?
  var frames = 1
  /// How pages follow each other, slowest first.
  var order: [PageAxis] = [.time, .slice, .channel]
  var spacing = VoxelSpacing()
  /// Pages that the file does not have by itself: ImageJ writes large stacks behind a single page.
  var hiddenPages = 0

  /// - Parameters:
  ///   - resolution: samples per unit along x and y, 0 where unknown.
  ///   - samples: numbers for each place of a page, and the places of a page.
  init(
    description: String, resolution: (x: Double, y: Double), pages: Int, samples: Int = 1, places: Int = 1
  ) {
    if description.hasPrefix("ImageJ=") {
      readImageJ(description, resolution, pages)
    } else if description.hasPrefix("{\"shape\"") {
      readShape(description, pages, places: places * samples)
    } else if description.contains("<OME") {
      readOME(description)
    }
    // Colours of a page count as channels, but are no pages.
    if samples > 1 && channels % samples == 0 { channels /= samples }
  }

  private mutating func readImageJ(_ description: String, _ resolution: (x: Double, y: Double), _ pages: Int)
  {
    func length(_ perUnit: Double) -> Double? { perUnit.isFinite && perUnit > 0 ? 1 / perUnit : nil }
    var values: [Substring: Substring] = [:]
    for line in description.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
    func number(_ key: Substring) -> Int? { values[key].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } }
    channels = number("channels") ?? 1
    slices = number("slices")
    frames = number("frames") ?? 1
    if let images = number("images"), images > pages { hiddenPages = images - pages }
    // In-plane lengths and the distance of slices share a unit where all of them are given.
    if let z = values["spacing"].flatMap({ Double($0) }), let x = length(resolution.x),
      let y = length(resolution.y)
    {
      spacing = VoxelSpacing(x: x, y: y, z: z)
    }
  }

  /// One page may stand for all of them here too.
  private mutating func readShape(_ description: String, _ pages: Int, places: Int) {
    struct Shape: Decodable {
      var shape: [Int]
      var truncated: Bool?
    }
    guard let shape = try? JSONDecoder().decode(Shape.self, from: Data(description.utf8)),
      shape.truncated == true, pages == 1, places > 0
    else { return }
    var count = 1
    for length in shape.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(length, 1))
      if overflow { return }
      count = product
    }
    if count % places == 0 { hiddenPages = max(count / places - 1, 0) }
  }

  private mutating func readOME(_ description: String) {
    func attribute(_ name: String) -> String? {
      guard let start = description.range(of: " \(name)=\"")?.upperBound,
        let end = description[start...].firstIndex(of: "\"")
      else { return nil }
      return String(description[start..<end])
    }
    func number(_ name: String) -> Int? {
      attribute(name).flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
    channels = number("SizeC") ?? 1
    slices = number("SizeZ")
    frames = number("SizeT") ?? 1
    // XYCZT and the like: the axes that change fastest come first.
    if let order = attribute("DimensionOrder") {
      let axes = order.compactMap { PageAxis(rawValue: $0.lowercased()) }
      if Set(axes).count == 3 && axes.count == 3 { self.order = axes.reversed() }
    }
    let units = ["X", "Y", "Z"].map { attribute("PhysicalSize\($0)Unit") ?? "µm" }
    let sizes = ["X", "Y", "Z"].compactMap { attribute("PhysicalSize\($0)").flatMap { Double($0) } }
    if sizes.count == 3, Set(units).count == 1 {
      spacing = VoxelSpacing(x: sizes[0], y: sizes[1], z: sizes[2])
    }
  }
}
