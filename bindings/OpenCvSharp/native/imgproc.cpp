#include "bridge.h"
#include <opencv2/imgproc.hpp>

using bridge::guarded;

BRIDGE imgproc_resize(cv::Mat *src, cv::Mat *dst, int32_t width, int32_t height, double fx, double fy, int32_t interpolation)
{
    return guarded([&] { cv::resize(*src, *dst, {width, height}, fx, fy, interpolation); });
}
