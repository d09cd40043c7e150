#include "COpticalFlow.h"

#include <cstdio>
#include <cstring>
#include <mutex>
#include <new>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/video/tracking.hpp>

namespace {

int failed(int code, const char *cause, char *message, size_t capacity) {
  if (message && capacity > 0) std::snprintf(message, capacity, "%s", cause);
  return code;
}

/* OpenCV splits its loops by the number of its threads, and sums with them. */
void set_up_once() {
  static std::once_flag once;
  std::call_once(once, [] {
    cv::setNumThreads(1);
    /* Errors are returned; OpenCV would print them too. */
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError([](int, const char *, const char *, const char *, int, void *) { return 0; });
  });
}

/* Splits pairs of dx, dy into two pictures. */
void split(const cv::Mat &flow, float *dx, float *dy) {
  for (int y = 0; y < flow.rows; y++) {
    const float *row = flow.ptr<float>(y);
    for (int x = 0; x < flow.cols; x++) {
      *dx++ = row[2 * x];
      *dy++ = row[2 * x + 1];
    }
  }
}

/* The same at half the resolution: an odd edge counts twice. */
void split_halved(const cv::Mat &flow, float *dx, float *dy) {
  for (int y = 0; y < flow.rows; y += 2) {
    const float *upper = flow.ptr<float>(y);
    const float *lower = flow.ptr<float>(y + 1 < flow.rows ? y + 1 : y);
    for (int x = 0; x < flow.cols; x += 2) {
      const int left = 2 * x, right = x + 1 < flow.cols ? left + 2 : left;
      *dx++ = (upper[left] + upper[right] + lower[left] + lower[right]) / 8;
      *dy++ = (upper[left + 1] + upper[right + 1] + lower[left + 1] + lower[right + 1]) / 8;
    }
  }
}

/* Runs `work`, and turns what OpenCV throws into codes. */
template <typename Work>
int guarded(char *message, size_t capacity, Work work) {
  if (message && capacity > 0) message[0] = 0;
  try {
    set_up_once();
    return work();
  } catch (const cv::Exception &error) {
    const bool small = error.code == cv::Error::StsBadSize || error.code == cv::Error::StsBadArg;
    const bool memory = error.code == cv::Error::StsNoMem;
    return failed(
        memory ? OPTICAL_FLOW_NO_MEMORY : small ? OPTICAL_FLOW_BAD_SIZE : OPTICAL_FLOW_FAILED, error.what(), message,
        capacity);
  } catch (const std::bad_alloc &) {
    return failed(OPTICAL_FLOW_NO_MEMORY, "out of memory", message, capacity);
  } catch (const std::exception &error) {
    return failed(OPTICAL_FLOW_FAILED, error.what(), message, capacity);
  } catch (...) {
    return failed(OPTICAL_FLOW_FAILED, "an error of unknown kind", message, capacity);
  }
}

}  // namespace

extern "C" int optical_flow_dis(
    const uint8_t *from, const uint8_t *to, int height, int width, int detail, int is_halved, float *dx, float *dy,
    char *message, size_t capacity) {
  if (!from || !to || !dx || !dy || height <= 0 || width <= 0) {
    return failed(OPTICAL_FLOW_BAD_SIZE, "a picture has no samples", message, capacity);
  }
  return guarded(message, capacity, [=] {
    /* OpenCV takes pointers without const, and reads only. */
    const cv::Mat first(height, width, CV_8UC1, const_cast<uint8_t *>(from));
    const cv::Mat second(height, width, CV_8UC1, const_cast<uint8_t *>(to));
    const auto search = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
    search->setFinestScale(detail == 0 ? 1 : 0);
    if (detail == 2) {
      search->setPatchStride(4);
      search->setGradientDescentIterations(12);
      search->setVariationalRefinementIterations(1);
    }
    cv::Mat found;
    search->calc(first, second, found);
    if (found.size() != first.size() || found.type() != CV_32FC2) {
      return failed(OPTICAL_FLOW_FAILED, "the flow has another size than the pictures", message, capacity);
    }
    (is_halved ? split_halved : split)(found, dx, dy);
    return static_cast<int>(OPTICAL_FLOW_OK);
  });
}

extern "C" int optical_flow_refine(
    const float *from, const float *to, int height, int width, int iterations, float *dx, float *dy, char *message,
    size_t capacity) {
  if (!from || !to || !dx || !dy || height <= 0 || width <= 0) {
    return failed(OPTICAL_FLOW_BAD_SIZE, "a picture has no samples", message, capacity);
  }
  return guarded(message, capacity, [=] {
    const cv::Mat first(height, width, CV_32FC1, const_cast<float *>(from));
    const cv::Mat second(height, width, CV_32FC1, const_cast<float *>(to));
    cv::Mat across(height, width, CV_32FC1, dx), down(height, width, CV_32FC1, dy);
    const auto refinement = cv::VariationalRefinement::create();
    /* As the search sets them. */
    refinement->setAlpha(20);
    refinement->setDelta(5);
    refinement->setGamma(10);
    refinement->setSorIterations(5);
    refinement->setFixedPointIterations(iterations);
    refinement->calcUV(first, second, across, down);
    const size_t bytes = sizeof(float) * static_cast<size_t>(height) * static_cast<size_t>(width);
    if (across.ptr<float>() != dx) std::memcpy(dx, across.ptr<float>(), bytes);
    if (down.ptr<float>() != dy) std::memcpy(dy, down.ptr<float>(), bytes);
    return static_cast<int>(OPTICAL_FLOW_OK);
  });
}
