/// What an overlay does to a plane at its place: the picture beneath is `gain * seen - shift`, in steps of 8 bits.
struct PlaneEstimate: Sendable {
  var gains: [Double]
  var shifts: [Double]

  /// The largest change of a gain in a round that counts as none.
  private static let settled = 1e-3
  private static let mostRounds = 12

  /// By how much colours change from pixel to pixel, in steps, in each step of a refinement: freely first, so that shapes of unlike
  /// colour part. And the same where an estimate that coding blurs begins it.
  private static let freedoms: [Double] = [16, 16, 16, 16, 16, 16, 16, 16, 8, 4, 2, 1]
  private static let codedFreedoms: [Double] = [16, 16, 8, 4, 2, 1]

  /// Gains and colours together, with frames that are weighed anew by what is found.
  ///
  /// - Parameters:
  ///   - first: sums of all frames.
  ///   - start: where the search begins; nil for gains by which the picture changes as it does around.
  ///   - again: sums with frames weighed by gains.
  init(
    _ samples: PlaceSamples, refining first: PairSums, from start: PlaneEstimate?,
    again: ([Double]) -> PairSums
  ) {
    var solver = start.map { JointSolver(samples, first, from: $0) } ?? JointSolver(samples, first)
    let freedoms = start == nil ? Self.freedoms : Self.codedFreedoms
    let every = start == nil ? 4 : 2
    solver.local = freedoms[0]
    if start == nil {
      for _ in 0..<8 where solver.step(.gains) > Self.settled {}
      for _ in 0..<2 { solver.step(.colours) }
    }
    for (k, freedom) in freedoms.enumerated() {
      if k % every == 0, k > 0 || start != nil { solver.sums = again(solver.gains) }
      solver.local = freedom
      solver.loosen()
      solver.step(.both)
    }
    self.init(solver.gains, solver.colours, isHole: samples.isHole)
  }

  /// Gains and colours by turns, each with the other as it is.
  ///
  /// - Parameter rounds: at most.
  init(_ samples: PlaceSamples, _ sums: PairSums, rounds: Int = mostRounds) {
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
