import Testing

@testable import Kernels

struct AdamTests {
  /// f(x) = sum (x - i)^2 / 2.
  private func descend(groups: [Adam.Group]?, steps: Int, threads: Int = 1) -> Parameters {
    let parameters = Parameters(count: 40)
    let adam = Adam(parameters, groups: groups)
    let schedule = CosineSchedule(rate: 0.5, iterations: steps)
    for step in 0..<steps {
      for i in 0..<40 { parameters.gradients[0, i] = parameters.values[0, i] - Float(i) }
      adam.step(rate: schedule.rate(at: step), threads: threads)
    }
    return parameters
  }

  @Test func converges() {
    let parameters = descend(groups: nil, steps: 400)
    for i in 0..<40 { #expect(abs(parameters.values[0, i] - Float(i)) < 0.002) }
  }

  /// The first step of Adam moves every parameter by its group's rate, whatever the gradient.
  @Test func groupsHaveRatesOfTheirOwn() {
    let parameters = descend(groups: [.init(range: 1..<20), .init(range: 20..<40, factor: 3)], steps: 1)
    #expect(parameters.values[0, 0] == 0)
    #expect(abs(parameters.values[0, 5] - 0.5) < 1e-5)
    #expect(abs(parameters.values[0, 30] - 1.5) < 1e-5)
  }

  @Test func scheduleFallsToItsFloor() {
    let schedule = CosineSchedule(rate: 2, floor: 0.1, iterations: 10)
    #expect(schedule.rate(at: 0) == 2)
    #expect(abs(schedule.rate(at: 5) - 1.1) < 1e-6)
    #expect(abs(schedule.rate(at: 10) - 0.2) < 1e-6)
    #expect(schedule.rate(at: 11) == schedule.rate(at: 10))
  }
}
