/// What an overlay does to a plane at its place: the picture beneath is `gain * seen - shift`, in steps of 8 bits.
struct PlaneEstimate: Sendable {
  var gains: [Double]
  var shifts: [Double]

  /// The largest change of a gain in a round that counts as none.
  private static let settled = 1e-3

  /// By how much colours change from pixel to pixel, in steps, in each step of a refinement: freely first, so that shapes of unlike
  /// colour part.
  private static let freedoms: [Double] = [16, 16, 16, 16, 16, 16, 16, 16, 8, 4, 2, 1]
  /// Frames are weighed anew after so many of them.
  private static let weighing = 4

  /// Gains and colours together, with frames that are weighed anew by what is found.
  ///
  /// Begins at gains by which the picture changes as it does around, where the mean over frames says nothing: estimates that have
  /// taken a shadow for something bright do not find back from there.
  ///
  /// - Parameters:
  ///   - first: sums of all frames.
  ///   - again: sums with frames weighed by gains.
  init(_ samples: PlaceSamples, refining first: PairSums, again: ([Double]) -> PairSums) {
    var solver = JointSolver(samples, first)
    solver.local = Self.freedoms[0]
    for _ in 0..<8 where solver.step(.gains) > Self.settled {}
    solver.startFromMeans()
    for (k, freedom) in Self.freedoms.enumerated() {
      if k % Self.weighing == 0, k > 0 { solver.sums = again(solver.gains) }
      solver.local = freedom
      solver.loosen()
      solver.step(.both)
    }
    self.init(solver.gains, solver.colours, isHole: samples.isHole)
  }

  /// Gains and colours by turns, each with the other as it is.
  ///
  /// - Parameter rounds: at most.
  init(_ samples: PlaceSamples, _ sums: PairSums, rounds: Int) {
    let solver = GainSolver(samples, sums)
    var colourSolver = ColourSolver(samples, sums)
    var gains = solver.gains(colours: nil, from: [Double](repeating: 1, count: samples.area))
    var colours: [Double]?
    for _ in 0..<rounds {
      let found = colourSolver.colours(gains: gains, from: colours)
      let next = solver.gains(colours: found, from: gains)
      let change = zip(gains, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      (gains, colours) = (next, found)
      if change < Self.settled { break }
    }
    self.init(gains, colours ?? gains, isHole: samples.isHole)
  }

  /// Colours alone, of gains that are known from another plane.
  init(_ samples: PlaceSamples, _ sums: PairSums, gains: [Double]) {
    var solver = ColourSolver(samples, sums)
    var colours: [Double]?
    for _ in 0..<4 { colours = solver.colours(gains: gains, from: colours) }
    self.init(gains, colours ?? gains, isHole: samples.isHole)
  }

  private init(_ gains: [Double], _ colours: [Double], isHole: [Bool]) {
    self.gains = gains.indices.map { isHole[$0] ? gains[$0] : 1 }
    shifts = gains.indices.map { isHole[$0] ? (gains[$0] - 1) * colours[$0] : 0 }
  }
}
