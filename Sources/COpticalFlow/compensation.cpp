#include "compensation.h"

#include <algorithm>
#include <climits>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace {

constexpr int kFailed = 1;

/* Rows first ..< end of a picture, without a copy. */
cv::Mat rows(const float *picture, int width, int first, int end) {
  return cv::Mat(end - first, width, CV_32FC1, const_cast<float *>(picture) + size_t(first) * width);
}

/* Where a sample of a large picture lies between samples of one that is `scale` times smaller. */
struct Place {
  int before, after;
  float share;

  Place(int i, int scale, int size) {
    const float at = (float(i) - float(scale - 1) / 2) / float(scale);
    const float held = std::min(std::max(at, 0.f), float(size - 1));
    before = int(held);
    after = std::min(before + 1, size - 1);
    share = held - float(before);
  }
};

/* Where the flow leads from rows of a large picture, as places. */
void places(
    const float *flow, int flowHeight, int flowWidth, int scale, int first, int end, const std::vector<Place> &columns,
    bool isVertical, cv::Mat &result) {
  const int width = int(columns.size());
  result.create(end - first, width, CV_32FC1);
  std::vector<float> line(flowWidth);
  for (int y = first; y < end; y++) {
    const Place row(y, scale, flowHeight);
    const float *a = flow + size_t(row.before) * flowWidth, *b = flow + size_t(row.after) * flowWidth;
    for (int x = 0; x < flowWidth; x++) line[x] = float(scale) * (a[x] + row.share * (b[x] - a[x]));
    float *out = result.ptr<float>(y - first);
    for (int x = 0; x < width; x++) {
      const float start = line[columns[x].before];
      const float step = start + columns[x].share * (line[columns[x].after] - start);
      out[x] = step + float(isVertical ? y : x);
    }
  }
}

/* One step towards `picture`; see the header. */
void settle(const cv::Mat &picture, const cv::Mat &moved, cv::Mat &settled) {
  cv::Mat gx, gy;
  cv::Sobel(moved, gx, CV_32F, 1, 0, 3, 1. / 8);
  cv::Sobel(moved, gy, CV_32F, 0, 1, 3, 1. / 8);
  const int height = picture.rows, width = picture.cols;
  /* The five sums of a window side by side, so that one filter adds them all. */
  cv::Mat products(height, width, CV_32FC(5));
  for (int y = 0; y < height; y++) {
    const float *a = picture.ptr<float>(y), *b = moved.ptr<float>(y), *u = gx.ptr<float>(y), *v = gy.ptr<float>(y);
    float *out = products.ptr<float>(y);
    for (int x = 0; x < width; x++) {
      const float r = a[x] - b[x], weight = 1 / (1 + r * r / 16);
      const float wu = weight * u[x], wv = weight * v[x];
      out[5 * x] = wu * u[x];
      out[5 * x + 1] = wu * v[x];
      out[5 * x + 2] = wv * v[x];
      out[5 * x + 3] = wu * r;
      out[5 * x + 4] = wv * r;
    }
  }
  cv::Mat sums;
  cv::boxFilter(products, sums, -1, cv::Size(11, 11));
  settled.create(height, width, CV_32FC1);
  for (int y = 0; y < height; y++) {
    const float *b = moved.ptr<float>(y), *u = gx.ptr<float>(y), *v = gy.ptr<float>(y), *s = sums.ptr<float>(y);
    float *out = settled.ptr<float>(y);
    for (int x = 0; x < width; x++) {
      const float xx = s[5 * x] + .25f, xy = s[5 * x + 1], yy = s[5 * x + 2] + .25f;
      const float xr = s[5 * x + 3], yr = s[5 * x + 4], d = 1 / (xx * yy - xy * xy);
      const float dx = std::min(std::max((yy * xr - xy * yr) * d, -1.f), 1.f);
      const float dy = std::min(std::max((xx * yr - xy * xr) * d, -1.f), 1.f);
      out[x] = b[x] + u[x] * dx + v[x] * dy;
    }
  }
}

}  // namespace

extern "C" int compensation_move(
    const float *picture, int height, int width, const float *dx, const float *dy, int flowHeight, int flowWidth, int scale,
    int first, int end, float *moved, uint8_t *inside) {
  if (height <= 0 || width <= 0 || height > SHRT_MAX || width > SHRT_MAX || flowHeight <= 0 || flowWidth <= 0 || scale <= 0 ||
      first < 0 || end > height || first >= end) {
    return kFailed;
  }
  try {
    std::vector<Place> columns;
    columns.reserve(size_t(width));
    for (int x = 0; x < width; x++) columns.emplace_back(x, scale, flowWidth);
    cv::Mat u, v;
    places(dx, flowHeight, flowWidth, scale, first, end, columns, false, u);
    places(dy, flowHeight, flowWidth, scale, first, end, columns, true, v);
    for (int y = first; y < end; y++) {
      const float *px = u.ptr<float>(y - first), *py = v.ptr<float>(y - first);
      uint8_t *in = inside + size_t(y - first) * width;
      for (int x = 0; x < width; x++) {
        in[x] = px[x] >= -.5f && px[x] <= float(width) - .5f && py[x] >= -.5f && py[x] <= float(height) - .5f;
      }
    }
    cv::Mat out = rows(moved, width, first, end);
    cv::remap(rows(picture, width, 0, height), out, u, v, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    return 0;
  } catch (...) {
    return kFailed;
  }
}

extern "C" int compensation_compare(
    const float *picture, const float *moved1, const float *moved2, int height, int width, int first, int end, float *settled1,
    float *settled2, float *mean, float *half) {
  if (height <= 0 || width <= 0 || first < 0 || end > height || first >= end) return kFailed;
  try {
    const int from = std::max(0, first - COMPENSATION_MARGIN), to = std::min(height, end + COMPENSATION_MARGIN);
    const cv::Mat y = rows(picture, width, from, to);
    const float *moved[] = {moved1, moved2};
    float *settled[] = {settled1, settled2};
    cv::Mat residual[2], blurred[2];
    for (int i = 0; i < 2; i++) {
      cv::Mat whole;
      settle(y, rows(moved[i], width, from, to), whole);
      residual[i] = y - whole;
      whole.rowRange(first - from, end - from).copyTo(rows(settled[i], width, first, end));
      cv::GaussianBlur(residual[i], blurred[i], cv::Size(5, 5), .8);
    }
    for (int row = first; row < end; row++) {
      const float *a = blurred[0].ptr<float>(row - from), *b = blurred[1].ptr<float>(row - from);
      float *m = mean + size_t(row) * width, *h = half + size_t(row) * width;
      for (int x = 0; x < width; x++) {
        m[x] = (a[x] + b[x]) / 2;
        h[x] = std::abs(a[x] - b[x]) / 2;
      }
    }
    return 0;
  } catch (...) {
    return kFailed;
  }
}
