import Kernels
import Testing

@testable import Motion

@Suite("Optical flow")
struct OpticalFlowTests {
  @Test(
    "of a translated texture is the translation",
    arguments: [(-0.75, 1.5), (2.25, 0.5), (0, -3)] as [(Float, Float)])
  func translation(dy: Float, dx: Float) throws {
    let a = MovingTexture.picture(height: 64, width: 80)
    let b = MovingTexture.picture(height: 64, width: 80, dy: dy, dx: dx)
    let flow = try OpticalFlow.between(a, b)
    var errors: [Float] = []
    for y in 8..<56 {
      for x in 8..<72 {
        let (ey, ex) = (flow.dy[y, x] - dy, flow.dx[y, x] - dx)
        errors.append((ey * ey + ex * ex).squareRoot())
      }
    }
    errors.sort()
    #expect(errors[errors.count / 2] < 0.2)
  }

  @Test("of pictures too small to search in is no motion", arguments: [(1, 1), (8, 8), (15, 200), (64, 3)])
  func tooSmall(height: Int, width: Int) throws {
    let a = MovingTexture.picture(height: height, width: width)
    let b = MovingTexture.picture(height: height, width: width, dx: 1)
    let flow = try OpticalFlow.between(a, b)
    #expect(flow.height == height && flow.width == width)
    #expect(flow.dx.values.allSatisfy { $0 == 0 } && flow.dy.values.allSatisfy { $0 == 0 })
  }

  @Test(
    "exists for every size from the smallest on",
    arguments: [(16, 16), (16, 17), (17, 400), (33, 16), (24, 31)])
  func smallest(height: Int, width: Int) throws {
    let flow = try OpticalFlow.between(
      MovingTexture.picture(height: height, width: width),
      MovingTexture.picture(height: height, width: width, dx: 0.5))
    #expect(flow.dx.values.allSatisfy { $0.isFinite } && flow.dy.values.allSatisfy { $0.isFinite })
  }

  @Test("chains are the same for any number of threads")
  func threads() throws {
    let pictures = (0..<4).map {
      MovingTexture.picture(height: 32, width: 40, dy: 0.3 * Float($0), dx: 1.2 * Float($0))
    }
    let one = try FlowChain(pictures: pictures, threads: 1)
    let four = try FlowChain(pictures: pictures, threads: 4)
    #expect(one.count == 4)
    for (a, b) in zip(one.forward + one.backward, four.forward + four.backward) {
      #expect(a.flow.dx.values == b.flow.dx.values && a.flow.dy.values == b.flow.dy.values)
      #expect(a.confidence.values == b.confidence.values)
    }
  }

  @Test("of one picture is a chain without links")
  func onePicture() throws {
    let chain = try FlowChain(pictures: [MovingTexture.picture(height: 20, width: 20)], threads: 2)
    #expect(chain.count == 1 && chain.forward.isEmpty)
  }
}
