import Kernels
import Representations

/// INRR, implicit neural representation regularisation: the Dirichlet energy of a signal along one axis, on a graph that
/// a tiny implicit network learns together with it (Li et al., "Regularize implicit neural representation by itself",
/// CVPR 2023, arXiv 2303.15484).
///
/// With the slices x_1 ... x_n of the signal along the axis, the rows of its unfolding X,
///
///     E = 1/2 sum_ij A_ij ||x_i - x_j||^2 = tr(X^T L X),   L = diag(A 1) - A,   A = G G^T,
///
/// where row i of G (n, r) is what the tiny network makes of the position of slice i, and sums to 1. The energy is small
/// where slices that the graph holds for alike are; gradients flow to the signal and to the network at the same time.
/// The axes have energies and networks of their own.
///
/// `SignalForm` takes the signal, of any representation. With s = A 1 = G (G^T 1) and q_i = ||x_i||^2:
///
///     E = <X, R>,   R = diag(s) X - G (G^T X)
///     dE/dX = 2 R
///     dE/dG = q (1^T G) + 1 (q^T G) - 2 X X^T G
///
/// `FactorForm` takes the factors of a representation that is a product X = U B along the axis, with U (n, k) small and B
/// all the rest: X meets itself only in products X X^T = U K U^T with the Gram matrix K = B B^T (k, k), so U and K take
/// its place. With P = G^T U, q_i = u_i^T K u_i, and the same s:
///
///     E = <U K, diag(s) U - G P> = sum_i s_i q_i - tr(P^T P K)
///     dE/dU = 2 (diag(s) U - G P) K
///     dE/dK = U^T diag(s) U - P^T P
///     dE/dG = q (1^T G) + 1 (q^T G) - 2 (U K) P^T
///
/// Both subtract the mean over the positions first, which no difference of slices sees, so that no digits are lost to it.
public enum INRR {
  /// How the graph is learned, the same for both forms.
  public struct Options: Sendable, Equatable {
    /// Columns r of G, at least 2; nil for one a position of the finest planes, up to 256.
    public var centres: Int?
    /// Units of a hidden layer of the tiny network.
    public var width = 32
    /// Learning rate of the network's own Adam.
    public var rate: Float
    /// Decay of that Adam's second moments.
    public var beta2: Float
    /// Whether neighbours are alike at the start; without it all positions are.
    public var prior: Bool
    /// Whether A is divided by its mean off-diagonal row sum, through which no gradient flows.
    public var normalised: Bool

    /// As in the paper: a plain softmax, A as it is, and PyTorch's Adam.
    public static let paper = Options(rate: 1e-4, beta2: 0.999, prior: false, normalised: false)
    /// Neighbours alike at the start, and similarities of a position that sum to 1 on average.
    public static let local = Options(rate: 1e-2, beta2: 0.99, prior: true, normalised: true)
  }

  /// What both forms share: the tiny network, its optimiser, and G.
  final class Graph {
    let network: TinyINR
    let adam: Adam
    let options: Options

    /// - Parameters:
    ///   - positions: in [-1, 1], of all planes.
    ///   - finest: number of those of the finest planes.
    init(positions: [Float], finest: Int, options: Options, seed: UInt64) {
      self.options = options
      network = TinyINR(
        positions: positions, centres: options.centres ?? min(finest, 256), width: options.width,
        prior: options.prior, seed: seed)
      adam = Adam(network.parameters, beta2: options.beta2)
    }

    func descend() { adam.step(rate: options.rate) }

    /// What is added to a mean row sum, lest it be divided by zero.
    static let smallestRowSum = 1e-8

    /// Mean off-diagonal row sum of A = G G^T, whose elements sum to `total`.
    static func meanRowSum(of g: Matrix, total: Double) -> Double {
      (total - VectorMath.dot(g, g)) / Double(g.rows)
    }
  }
}
