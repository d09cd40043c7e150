import Foundation

extension ScratchFolder {
  /// A soft disc that lets the picture through, in the square of 13 pixels at 48, 18, over scenes that move.
  ///
  /// - Parameters:
  ///   - name: of a clip in FFV1, 80 x 48.
  ///   - frames: scenes have four each.
  ///   - opacity: of the disc's middle; 0 for the picture beneath alone.
  public func makeOverlaidClip(_ name: String, frames: Int = 24, opacity: Double = 0.45) throws {
    let scene =
      "110+50*sin(floor(N/4)*1.9)+25*sin((X-3*N)/(3+mod(floor(N/4)*3,5)))*cos(Y/(4+mod(floor(N/4)*2,4)))"
    let hidden = "\(opacity)*clip((5-hypot(X-54,Y-24))/2,0,1)"
    try ffmpeg(
      "-f", "lavfi", "-i",
      "nullsrc=s=80x48:r=25,geq=lum='\(scene)':cb=128:cr=128,noise=alls=16:allf=t+u:all_seed=1,"
        + "geq=lum='lum(X,Y)*(1-\(hidden))+215*(\(hidden))':cb='cb(X,Y)':cr='cr(X,Y)'",
      "-frames:v", "\(frames)", "-c:v", "ffv1", "-pix_fmt", "yuv420p", file(name))
  }
}
