import Kernels
import Motion
import Testing

@Suite("A flow's inverse")
struct FlowInverseTests {
  private func plain(_ height: Int, _ width: Int) -> Matrix { Matrix(rows: height, columns: width) }

  private func flow(_ height: Int, _ width: Int, _ motion: (Float, Float) -> (dy: Float, dx: Float))
    -> FlowField
  {
    let flow = FlowField(still: height, width)
    for y in 0..<height {
      for x in 0..<width { (flow.dy[y, x], flow.dx[y, x]) = motion(Float(y), Float(x)) }
    }
    return flow
  }

  @Test("undoes a shift everywhere") func shift() {
    let back = flow(30, 40) { _, _ in (-1.25, 6.5) }.inverse(from: plain(30, 40), to: plain(30, 40))
    for y in 0..<30 {
      for x in 0..<40 {
        #expect(abs(back.dy[y, x] - 1.25) < 1e-5 && abs(back.dx[y, x] + 6.5) < 1e-5, "row \(y), column \(x)")
      }
    }
  }

  @Test("leads back where zoom and turn came from") func zoomAndTurn() {
    let there = flow(60, 80) { y, x in (0.06 * (y - 30) + 0.04 * (x - 40), 0.06 * (x - 40) - 0.04 * (y - 30))
    }
    let back = there.inverse(from: plain(60, 80), to: plain(60, 80))
    for y in 8..<52 {
      for x in 8..<72 {
        let step = (back.dy[y, x], back.dx[y, x])
        let again = there.displacement(y: Float(y) + step.0, x: Float(x) + step.1)
        #expect(abs(step.0 + again.dy) < 0.05 && abs(step.1 + again.dx) < 0.05, "row \(y), column \(x)")
      }
    }
  }

  @Test("lets what looks alike move, and what was uncovered move as its surroundings") func covered() {
    // A square moves by 8 over a still ground.
    func isSquare(_ y: Int, _ x: Int, from left: Int) -> Bool {
      (10..<30).contains(y) && (left..<left + 20).contains(x)
    }
    let (a, b) = (plain(40, 60), plain(40, 60))
    for y in 0..<40 {
      for x in 0..<60 {
        a[y, x] = isSquare(y, x, from: 10) ? 200 : 50
        b[y, x] = isSquare(y, x, from: 18) ? 200 : 50
      }
    }
    let there = flow(40, 60) { y, x in (0, isSquare(Int(y), Int(x), from: 10) ? 8 : 0) }
    let back = there.inverse(from: a, to: b)
    // The ground that it covers leads there as well, and does not look like it.
    #expect(abs(back.dx[20, 34] + 8) < 0.2 && back.dx[20, 24] == -8 && back.dx[20, 50] == 0)
    for x in 10..<18 { #expect(back.dx[20, x] <= 0 && back.dx[20, x] >= -8, "column \(x)") }
    #expect(back.dy.values.allSatisfy { $0 == 0 })
  }

  @Test("leaves out what leads nowhere") func nowhere() {
    let there = flow(9, 9) { y, x in x > 4 ? (.nan, .infinity) : (0, y > 4 ? 1e9 : 1) }
    let back = there.inverse(from: plain(9, 9), to: plain(9, 9))
    #expect(back.dx.values.allSatisfy(\.isFinite) && back.dx[1, 2] == -1)
    #expect(FlowField(still: 0, 0).inverse(from: plain(0, 0), to: plain(0, 0)).width == 0)
    #expect(FlowField(still: 1, 1).inverse(from: plain(1, 1), to: plain(1, 1)).dx[0, 0] == 0)
  }
}
