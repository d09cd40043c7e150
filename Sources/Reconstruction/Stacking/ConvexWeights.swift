/// The convex weights, w >= 0 and sum w = 1, that minimise w^T E w, E the second moments of the estimators' errors.
///
/// Pairwise coordinate descent: two weights exchange the amount that is best for the pair, until no weight changes. The
/// problem is convex, so this converges to the minimum.
///
/// - Parameter moments: symmetric, (count, count), row by row.
func convexWeights(moments: [Double], count: Int) -> [Double] {
  precondition(moments.count == count * count, "second moments of every pair of estimators")
  var w = [Double](repeating: 1 / Double(count), count: count)
  if count == 1 { return w }
  let trace = (0..<count).reduce(0) { $0 + moments[$1 * count + $1] }
  // A ridge, so that estimators with the same errors share their weight instead of one taking all of it by rounding.
  let ridge = 1e-3 * trace / Double(count) + 1e-12
  func moment(_ i: Int, _ j: Int) -> Double { moments[i * count + j] + (i == j ? ridge : 0) }
  var gradient = (0..<count).map { i in (0..<count).reduce(0) { $0 + moment(i, $1) * w[$1] } }
  for _ in 0..<200 {
    var moved = 0.0
    for i in 0..<count {
      for j in 0..<i {
        let curvature = moment(i, i) + moment(j, j) - 2 * moment(i, j)
        if curvature <= 0 { continue }
        let step = min(max((gradient[j] - gradient[i]) / curvature, -w[i]), w[j])
        if step == 0 { continue }
        w[i] += step
        w[j] -= step
        for k in 0..<count { gradient[k] += step * (moment(k, i) - moment(k, j)) }
        moved = max(moved, abs(step))
      }
    }
    if moved < 1e-4 { break }
  }
  return w
}
