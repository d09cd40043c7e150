import Foundation

/// What a stack says of itself in its first page's description: ImageJ's lines `key=value`, or OME's XML.
struct TIFFMetadata: Equatable {
  var channels = 1
  /// Whether pages go through all slices of a channel before the next channel's come; otherwise through channels first.
  var channelsAreOuter = false
  /// Whether pages go through time points before slices; otherwise through all slices of a time point.
  var framesAreInner = false
  var slices: Int?
  var frames = 1
  var spacing = VoxelSpacing()
  /// Pages that the file does not have by itself: ImageJ writes large stacks behind a single page.
  var hiddenPages = 0

  /// - Parameter resolution: samples per unit along x and y, 0 where unknown.
  init(description: String, resolution: (x: Double, y: Double), pages: Int) {
    func length(_ perUnit: Double) -> Double? { perUnit.isFinite && perUnit > 0 ? 1 / perUnit : nil }
    if description.hasPrefix("ImageJ=") {
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
    } else if description.contains("<OME") {
      func attribute(_ name: String) -> String? {
        guard let start = description.range(of: " \(name)=\"")?.upperBound,
          let end = description[start...].firstIndex(of: "\"")
        else { return nil }
        return String(description[start..<end])
      }
      channels = attribute("SizeC").flatMap { Int($0) } ?? 1
      slices = attribute("SizeZ").flatMap { Int($0) }
      frames = attribute("SizeT").flatMap { Int($0) } ?? 1
      // XYCZT and the like: the axes that change fastest come first.
      if let order = attribute("DimensionOrder"), let z = order.firstIndex(of: "Z") {
        channelsAreOuter = !order[..<z].contains("C")
        framesAreInner = order[..<z].contains("T")
      }
      let units = ["X", "Y", "Z"].map { attribute("PhysicalSize\($0)Unit") ?? "µm" }
      let sizes = ["X", "Y", "Z"].compactMap { attribute("PhysicalSize\($0)").flatMap { Double($0) } }
      if sizes.count == 3, Set(units).count == 1 {
        spacing = VoxelSpacing(x: sizes[0], y: sizes[1], z: sizes[2])
      }
    }
  }
}
