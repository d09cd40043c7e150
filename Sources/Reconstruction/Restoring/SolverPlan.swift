/// A refinement by transform shrinkage that competes in the fusion, and the estimate it starts from.
struct Refinement: Sendable {
  enum Start: Sendable {
    /// The blend of interpolations.
    case interpolation
    /// The implicit neural representation.
    case representation
  }

  var name: String
  var start: Start
  var shrinkage: Shrinkage
}

/// What is computed for each window: the fit, and the refinements after it.
struct SolverPlan: Sendable {
  var fit = FitSettings()
  var refinements: [Refinement] = []

  init(settings: RestorationSettings) {
    var small = Shrinkage()
    switch settings.preset {
    case .fast:
      fit.iterations = 80
      (small.rounds, small.averagedRounds, small.tilings) = (40, 6, 4)
    case .balanced:
      fit.iterations = 150
      (small.rounds, small.averagedRounds, small.tilings) = (70, 10, 4)
    case .best:
      fit.iterations = 400
      (small.rounds, small.averagedRounds, small.tilings) = (120, 12, 6)
    }
    fit.penalties = settings.penalties.map { PenaltyStrengths($0) }
    // Scattered holes want a gentle start, compact ones have to be emptied of the start first.
    (small.firstThreshold, small.lastThreshold) = (0.15, 0.015)
    var large = small
    large.firstThreshold = 0.8
    var representation = small
    representation.opponentColours = true
    var long = large
    long.depth = 16
    long.opponentColours = true
    refinements = [
      Refinement(name: "shrinkage-long", start: .interpolation, shrinkage: long),
      Refinement(name: "shrinkage", start: .interpolation, shrinkage: small),
      Refinement(name: "shrinkage-large", start: .interpolation, shrinkage: large),
      Refinement(name: "inr-shrinkage", start: .representation, shrinkage: representation),
    ]
  }
}
