# Compares two outputs of kernels.c, of which `file` is the second.
#
# Rounding differs where one multiplies and adds at once. Numbers are of the size of 1; sums, distances and picture values are
# larger, and count by their size.
function abs(x) { return x < 0 ? -x : x }
{
  if ((getline line < file) <= 0) { print "fewer numbers for arm64"; bad = 1; exit }
  split(line, other, " ")
  size = abs($2) > 1 ? abs($2) : 1
  difference = abs($2 - other[2]) / size
  if ($1 != other[1] || difference != difference) { print "line " NR ": " $0 " and " line; bad = 1; exit }
  count[$1]++
  if (difference > most[$1]) most[$1] = difference
  if (difference > 2e-4) off[$1]++
}
END {
  for (name in count) {
    # A coefficient that lies on a threshold may fall on either side of it.
    share = off[name] / count[name]
    printf("%-22s %7d numbers, at most %.1e apart%s\n", name, count[name], most[name], \
      (share > 0) ? sprintf(", %.4f beyond 2e-4", share) : "")
    if (share > 0.005) bad = 1
  }
  if (bad) { print "test-arm64: results for arm64 are others"; exit 1 }
}
