/// The version of the tool, which outputs and kept windows depend on.
public enum ToolVersion {
  public static let current = "0.12.0"
}
