import Frames

extension SiteUnit {
  /// The samples with some known ones of each plane held out, in the shape of what is missing in that plane: planes of which
  /// nothing is missing help to fill the others, and stay as they are.
  ///
  /// - Parameter choose: chooses samples to hold out for a mask, (frames, height, width), 1 where missing; nil for none.
  /// - Returns: nil where nothing can be held out.
  func holdingOutByPlanes(format: FrameFormat, _ choose: ([UInt8]) -> [UInt8]?) -> MaskedSamples? {
    var result: MaskedSamples?
    var choices: [[UInt8]: [UInt8]?] = [:]
    for plane in format.planes {
      let selection = PlaneSelection(plane.role)
      let own = missing.map { FrameMask.planes(of: $0).isDisjoint(with: selection) ? UInt8(0) : 1 }
      if !own.contains(1) { continue }
      let choice = choices[own] ?? choose(own)
      choices[own] = choice
      if let choice {
        result = (result ?? samples).holdingOut(choice, box: box, format: format, planes: selection)
      }
    }
    return result
  }
}
