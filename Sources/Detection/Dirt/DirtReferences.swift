import Kernels
import Motion

/// The two frames that one is compared with, and the motion that leads there.
struct DirtReferences {
  struct Reference {
    let frame: Int
    let flow: FlowField
    let scale: Int
  }

  let first: Reference
  let second: Reference
  /// Whether one is the frame before and the other the one after; at the ends of a scene both lie on one side.
  let areBothSides: Bool

  /// - Parameters:
  ///   - count: frames of the scene.
  ///   - motion: between the frame before and this one.
  /// - Returns: nil in a scene of fewer than three frames, and where motion is not known.
  init?(of frame: Int, count: Int, motion: (Int) -> FrameMotion?) {
    func reference(_ frame: Int, _ motion: FrameMotion, _ flow: FlowField) -> Reference {
      Reference(frame: frame, flow: flow, scale: motion.scale)
    }
    if frame > 0 && frame + 1 < count {
      guard let before = motion(frame), let after = motion(frame + 1) else { return nil }
      first = reference(frame - 1, before, before.backward)
      second = reference(frame + 1, after, after.forward)
      areBothSides = true
      return
    }
    if count < 3 { return nil }
    let isFirst = frame == 0
    guard let near = motion(isFirst ? 1 : frame), let far = motion(isFirst ? 2 : frame - 1) else {
      return nil
    }
    let (step, next) = isFirst ? (near.forward, far.forward) : (near.backward, far.backward)
    guard step.width == next.width && step.height == next.height else { return nil }
    first = reference(isFirst ? 1 : frame - 1, near, step)
    second = reference(isFirst ? 2 : frame - 2, near, step.followed(by: next))
    areBothSides = false
  }
}
