import Kernels
import Testing

@testable import Motion

@Suite("Optical flow")
struct OpticalFlowTests {
  @Test(
    "of a translated texture is the translation",
    arguments: [(-0.75, 1.5), (2.25, 0.5), (0, -3)] as [(Float, Float)],
    [OpticalFlow.Detail.coarse, .fine, .quick, .refined])
  func translation(_ way: (dy: Float, dx: Float), detail: OpticalFlow.Detail) throws {
    let (dy, dx) = way
    let a = MovingTexture.picture(height: 64, width: 80)
    let b = MovingTexture.picture(height: 64, width: 80, dy: dy, dx: dx)
    let flow = try OpticalFlow.between(a, b, detail: detail)
    var errors: [Float] = []
    for y in 8..<56 {
      for x in 8..<72 {
        let (ey, ex) = (flow.dy[y, x] - dy, flow.dx[y, x] - dx)
        errors.append((ey * ey + ex * ex).squareRoot())
      }
    }
    errors.sort()
    let most: Float = detail == .fine ? 0.012 : detail == .coarse ? 0.06 : 0.15
    #expect(errors[errors.count / 2] < most)
  }

  @Test("in full detail finds what moves otherwise than all around it more closely")
  func detail() throws {
    let (height, width) = (64, 80)
    func picture(_ t: Float) -> Matrix {
      let result = MovingTexture.picture(height: height, width: width)
      // A small thing that moves the other way.
      for y in 28..<36 {
        for x in 34..<46 { result[y, x] = MovingTexture.value(y: 3 * Float(y), x: 3 * (Float(x) - 2 * t)) }
      }
      return result
    }
    func error(_ detail: OpticalFlow.Detail) throws -> Float {
      let flow = try OpticalFlow.between(picture(0), picture(1), detail: detail)
      var sum: Float = 0
      for y in 30..<34 {
        for x in 37..<43 { sum += abs(flow.dx[y, x] - 2) + abs(flow.dy[y, x]) }
      }
      return sum / 24
    }
    #expect(try error(.fine) < 0.25 * error(.coarse))
  }

  @Test("at half the resolution has the means of two by two", arguments: [(40, 48), (41, 33)])
  func halved(height: Int, width: Int) throws {
    let a = GrayPicture(MovingTexture.picture(height: height, width: width))
    let b = GrayPicture(MovingTexture.picture(height: height, width: width, dy: 1, dx: -2))
    let whole = try OpticalFlow.between(a, b)
    let half = try OpticalFlow.between(a, b, isHalved: true)
    #expect(half.height == (height + 1) / 2 && half.width == (width + 1) / 2)
    for y in 0..<half.height {
      for x in 0..<half.width {
        // An odd edge counts twice.
        let (rows, columns) = ([2 * y, min(2 * y + 1, height - 1)], [2 * x, min(2 * x + 1, width - 1)])
        func mean(_ values: Matrix) -> Float {
          rows.reduce(0) { sum, y in columns.reduce(sum) { $0 + values[y, $1] } } / 8
        }
        #expect(abs(half.dy[y, x] - mean(whole.dy)) < 1e-5 && abs(half.dx[y, x] - mean(whole.dx)) < 1e-5)
      }
    }
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
    arguments: [(16, 16), (16, 17), (17, 400), (33, 16), (24, 31)],
    [OpticalFlow.Detail.coarse, .quick, .refined])
  func smallest(_ size: (height: Int, width: Int), detail: OpticalFlow.Detail) throws {
    let (height, width) = size
    let flow = try OpticalFlow.between(
      MovingTexture.picture(height: height, width: width),
      MovingTexture.picture(height: height, width: width, dx: 0.5), detail: detail)
    #expect(flow.height == height && flow.width == width)
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
