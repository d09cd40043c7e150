import Foundation
import Testing

@testable import Pipelines

@Suite struct PathNameTests {
  @Test(arguments: [
    ("a", "", "a", "a", ""), ("a.b", "", "a.b", "a", ".b"), ("/a", "/", "a", "a", ""),
    ("/x/a.tar.gz", "/x", "a.tar.gz", "a.tar", ".gz"), ("x/", "", "x", "x", ""), (".a", "", ".a", ".a", ""),
    ("a.", "", "a.", "a.", ""), ("x.y/a", "x.y", "a", "a", ""), ("é.mkv", "", "é.mkv", "é", ".mkv"),
    ("", "", "", "", ""),
  ])
  func parts(path: String, folder: String, name: String, stem: String, suffix: String) {
    #expect(PathName.folder(of: path) == folder && PathName.name(of: path) == name)
    #expect(PathName.stem(of: path) == stem && PathName.suffix(of: path) == suffix)
  }

  @Test(arguments: [
    "/a", "/a/b.mkv", "/.a/..b/c..", "/a/é", "/", "//a", "/a//b", "/a/", "/./a", "/a/.", "/a/..", "/a/../b",
    "a", "./a",
    "~/a", "", "/a b/%20#?", "/a\u{301}/~b",
  ])
  func absolutePathsAreThoseOfURLs(path: String) {
    let wanted = URL(fileURLWithPath: path).standardizedFileURL.path
    #expect(Array(PathName.absolute(path).utf8) == Array(wanted.utf8))
  }
}
