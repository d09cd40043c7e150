import Foundation

/// What the description of a stack's first page says: ImageJ's lines `key=value`, OME's XML, or the shape that the Python
/// library tifffile writes.
struct TIFFMetadata: Equatable {
  var channels = 1
  var slices: Int?
  var frames = 1
  /// The order of pages, slowest axis first.
  var order: [PageAxis] = [.time, .slice, .channel]
  var spacing = VoxelSpacing()
  /// The number of pages without tables of their own: ImageJ writes the pages of large stacks behind the first one.
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
    // A page's colours count as channels in the description, but are not pages of their own.
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
    // The distance of slices has the unit of the lengths in the plane only where all are given.
    if let z = values["spacing"].flatMap({ Double($0) }), let x = length(resolution.x),
      let y = length(resolution.y)
    {
      spacing = VoxelSpacing(x: x, y: y, z: z)
    }
  }

  /// tifffile, like ImageJ, may write the pages of a stack behind a single table.
  private mutating func readShape(_ description: String, _ pages: Int, places: Int) {
    struct Shape: Decodable {
      var shape: [Int]
      var truncated: Bool?
    }
    guard let shape = try? JSONDecoder().decode(Shape.self, from: Data(description.utf8)),
      shape.truncated == true, pages == 1, places > 0
    else { return }
    guard let count = shape.shape.map({ max($0, 1) }).product else { return }
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
