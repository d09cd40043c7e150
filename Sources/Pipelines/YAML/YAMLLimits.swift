/// How much a file of settings may hold: far more than anyone writes, and little enough to be read at once.
enum YAMLLimits {
  /// Bytes of a file.
  static let bytes = 8 << 20
  /// Bytes of a single value, before and after its variables are replaced.
  static let valueBytes = 1 << 16
  /// Values and keys, each alias counted as what it stands for.
  static let values = 200_000
  /// Lists and mappings within each other.
  static let depth = 100
  /// Values, and bytes in them, that all jobs have together once matrices and variables are replaced.
  static let replacedValues = 5_000_000
  static let replacedBytes = 64 << 20
  /// Combinations of one matrix.
  static let combinations = 10_000
  /// Inputs of all jobs together.
  static let tasks = 100_000
  /// Complaints that are printed, and after which no more is looked at.
  static let complaints = 100
  static let enoughComplaints = 1000
}
