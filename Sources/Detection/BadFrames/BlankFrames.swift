/// Frames in which nothing can be seen, between frames of which much can: not the black of a fade, of a strobe or between
/// scenes, which is longer.
enum BlankFrames {
  /// More in a row are meant to be there.
  private static let most = 3
  /// Other blank frames as near as this are meant too.
  private static let distance = 6
  /// How many frames a fade is looked for.
  private static let slope = 4
  static let reach = most + max(distance, slope)

  /// - Parameter caution: factor of what is needed.
  /// - Returns: how sure it is that a frame was lost, and nil if it was not.
  static func confidence(of frame: Int, in scene: FrameWindow<FrameSummary>, caution: Float) -> Float? {
    func isBlank(_ i: Int) -> Bool { scene.range.contains(i) && scene[i].thumbnail.isBlank }
    guard isBlank(frame) else { return nil }
    var (first, last) = (frame, frame)
    while isBlank(first - 1), last - first < most { first -= 1 }
    while isBlank(last + 1), last - first < most { last += 1 }
    guard last - first < most, scene.range.contains(first - 1), scene.range.contains(last + 1) else {
      return nil
    }
    let contrasts = (scene[first - 1].thumbnail.contrast, scene[last + 1].thumbnail.contrast)
    guard min(contrasts.0, contrasts.1) > 6 * caution else { return nil }
    for i in first - distance...last + distance where !(first...last).contains(i) && isBlank(i) { return nil }
    // A fade takes contrast away step by step, most of what is left in the last one.
    for (side, step, contrast) in [(first - 1, -1, contrasts.0), (last + 1, 1, contrasts.1)] {
      let before = (1..<slope).map { side + $0 * step }.first {
        // Where frames are repeated a step takes several.
        scene.range.contains($0) && scene[$0].thumbnail.difference(from: scene[side].thumbnail) > 0.5
      }
      if let before, contrast < 0.85 * scene[before].thumbnail.contrast { return nil }
    }
    return 0.95
  }
}
