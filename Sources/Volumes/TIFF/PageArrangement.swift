/// How the pages of a stack make a volume: pages are slices, and channels or time points are a series.
struct PageArrangement {
  let shape: VolumeShape
  /// Samples from one to the next along x, y, z and in the series.
  let strides: [Int]
  /// How the file is read, for the user.
  let text: String
  /// Why that may not be what the user means.
  let doubt: String?

  /// - Parameters:
  ///   - page: places of a page.
  ///   - samples: numbers for each place of a page; each makes a volume of its own.
  ///   - isPlanar: whether a page has all places of one sample after those of the other.
  ///   - order: the order of pages that the user gave.
  /// - Throws: `VolumeError`.
  init(
    page: VolumeShape, samples: Int, isPlanar: Bool, pages: Int, _ metadata: TIFFMetadata,
    order: PageOrder?, path: String
  ) throws {
    var axes = try order?.counts(pages: pages, metadata, path: path) ?? Self.axes(metadata, pages: pages)
    axes = axes.filter { $0.count > 1 }
    let channels = axes.first { $0.axis == .channel }?.count ?? 1
    let times = axes.first { $0.axis == .time }?.count ?? 1
    let slices = axes.first { $0.axis == .slice }?.count ?? 1
    if channels > 1 && times > 1 {
      throw VolumeError(
        .unsupported,
        "\(path) has \(channels) channels and \(times) time points: split the channels first, or say with --stack-as "
          + "what its pages are")
    }
    let series = channels * times
    if samples > 1 && series > 1 {
      throw VolumeError(
        .unsupported,
        "\(path) has \(samples) samples for each voxel and \(series) \(channels > 1 ? "channels" : "time points"): "
          + "split them first, or say with --stack-as z that its pages are slices")
    }
    let pageSize = page.voxels * samples
    // The distance of neighbours along an axis: the size of a page times the lengths of all faster axes.
    func step(_ wanted: (PageAxis) -> Bool) -> Int {
      guard let place = axes.firstIndex(where: { wanted($0.axis) }) else { return pageSize }
      return axes[(place + 1)...].reduce(pageSize) { $0 * $1.count }
    }
    guard let shape = VolumeShape(x: page.x, y: page.y, z: slices, volumes: series * samples) else {
      throw VolumeError(.unsupported, "\(path) is too large: \(page.x) x \(page.y) x \(pages) voxels")
    }
    self.shape = shape
    let across = isPlanar ? 1 : samples
    strides = [
      across, page.x * across, step { $0 == .slice },
      samples > 1 ? (isPlanar ? page.voxels : 1) : step { $0 != .slice },
    ]
    let size = "\(page.x) x \(page.y) x \(slices)"
    let what = samples > 1 ? "\(samples) samples for each voxel" : nil
    let many = channels > 1 ? "\(channels) channels" : times > 1 ? "\(times) time points" : nil
    text = [many, what].compactMap { $0 }.first.map { "\($0) of \(size)" } ?? size
    doubt =
      order == nil && series > 1 && slices == 1
      ? "its pages are \(channels > 1 ? "channels" : "time points") of one slice by its description, each restored "
        + "mostly by itself: --stack-as z reads them as slices" : nil
  }

  /// The axes of the description where they fit the number of pages; otherwise all pages are slices.
  private static func axes(_ metadata: TIFFMetadata, pages: Int) -> [(axis: PageAxis, count: Int)] {
    let (channels, frames) = (metadata.channels, metadata.frames)
    let slices = metadata.slices ?? (channels > 1 || frames > 1 ? 1 : pages)
    if [slices, channels, frames].product != pages { return [(.slice, pages)] }
    let counts: [PageAxis: Int] = [.slice: slices, .channel: channels, .time: frames]
    return metadata.order.map { ($0, counts[$0] ?? 1) }
  }
}
