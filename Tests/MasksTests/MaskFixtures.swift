import Frames

@testable import Masks

/// An input of 6 x 4 gray samples at 10 frames a second, without a file.
func maskedInput(orientation: DisplayOrientation = .upright, corrupt: Set<Int> = []) -> MaskedInput {
  MaskedInput(
    name: "in.mkv", format: FrameFormat(width: 6, height: 4, bitDepth: 8, roles: [.luma]),
    orientation: orientation, isCorrupt: { corrupt.contains($0.index) })
}

func grayFrame(_ index: Int, value: UInt16 = 50) -> Frame {
  var frame = Frame(format: maskedInput().format, filledWith: value, index: index)
  frame.time = 5 + Double(index) / 10
  return frame
}

func maskOptions(_ change: (inout MaskOptions) throws -> Void) rethrows -> MaskOptions {
  var options = MaskOptions()
  try change(&options)
  return options
}

func fileMask(_ path: String, _ change: (inout MaskOptions) -> Void = { _ in }) throws -> CombinedMask {
  try CombinedMask(
    options: maskOptions {
      $0.file = path
      change(&$0)
    }, input: maskedInput())
}

/// The places of what is missing.
func positions(_ mask: FrameMask) -> [Int] { mask.missing.indices.filter { mask.missing[$0] != 0 } }

func isKind(_ kind: MaskError.Kind, naming words: String...) -> (any Error) -> Bool {
  { error in
    guard let error = error as? MaskError else { return false }
    return error.kind == kind && words.allSatisfy(error.message.contains)
  }
}
