#include "bridge.h"
#include <opencv2/imgproc.hpp>

using bridge::guarded;
using bridge::optional;
using bridge::scalar;

namespace
{
// A morphology border of null is OpenCV's own default.
cv::Scalar border_or_default(const double *value)
{
    return value == nullptr ? cv::morphologyDefaultBorderValue() : scalar(value);
}
} // namespace

BRIDGE imgproc_resize(cv::Mat *src, cv::Mat *dst, int32_t width, int32_t height, double fx, double fy, int32_t interpolation)
{
    return guarded([&] { cv::resize(*src, *dst, {width, height}, fx, fy, interpolation); });
}

BRIDGE imgproc_cvt_color(cv::Mat *src, cv::Mat *dst, int32_t code, int32_t channels)
{
    return guarded([&] { cv::cvtColor(*src, *dst, code, channels); });
}

BRIDGE imgproc_gaussian_blur(cv::Mat *src, cv::Mat *dst, int32_t width, int32_t height, double x, double y, int32_t border)
{
    return guarded([&] { cv::GaussianBlur(*src, *dst, {width, height}, x, y, border); });
}

BRIDGE imgproc_blur(cv::Mat *src, cv::Mat *dst, int32_t width, int32_t height, int32_t ax, int32_t ay, int32_t border)
{
    return guarded([&] { cv::blur(*src, *dst, {width, height}, {ax, ay}, border); });
}

BRIDGE imgproc_median_blur(cv::Mat *src, cv::Mat *dst, int32_t size)
{
    return guarded([&] { cv::medianBlur(*src, *dst, size); });
}

BRIDGE imgproc_laplacian(cv::Mat *src, cv::Mat *dst, int32_t depth, int32_t size, double scale, double delta, int32_t border)
{
    return guarded([&] { cv::Laplacian(*src, *dst, depth, size, scale, delta, border); });
}

BRIDGE imgproc_sobel(cv::Mat *src, cv::Mat *dst, int32_t depth, int32_t x, int32_t y, int32_t size, double scale, double delta,
                     int32_t border)
{
    return guarded([&] { cv::Sobel(*src, *dst, depth, x, y, size, scale, delta, border); });
}

BRIDGE imgproc_threshold(cv::Mat *src, cv::Mat *dst, double threshold, double maximum, int32_t type, double *used)
{
    return guarded([&] { *used = cv::threshold(*src, *dst, threshold, maximum, type); });
}

BRIDGE imgproc_morphology(cv::Mat *src, cv::Mat *dst, int32_t op, cv::Mat *element, int32_t ax, int32_t ay, int32_t iterations,
                          int32_t border, const double *value)
{
    return guarded([&] {
        cv::Mat kernel = element == nullptr ? cv::Mat() : *element;
        switch (op)
        {
        case cv::MORPH_ERODE:
            cv::erode(*src, *dst, kernel, {ax, ay}, iterations, border, border_or_default(value));
            break;
        case cv::MORPH_DILATE:
            cv::dilate(*src, *dst, kernel, {ax, ay}, iterations, border, border_or_default(value));
            break;
        default:
            cv::morphologyEx(*src, *dst, op, kernel, {ax, ay}, iterations, border, border_or_default(value));
            break;
        }
    });
}

BRIDGE imgproc_structuring_element(int32_t shape, int32_t width, int32_t height, int32_t ax, int32_t ay, cv::Mat **element)
{
    return guarded([&] { *element = new cv::Mat(cv::getStructuringElement(shape, {width, height}, {ax, ay})); });
}

BRIDGE imgproc_connected_components(cv::Mat *image, cv::Mat *labels, cv::Mat *stats, cv::Mat *centroids, int32_t connectivity,
                                    int32_t type, int32_t *count)
{
    return guarded([&] { *count = cv::connectedComponentsWithStats(*image, *labels, *stats, *centroids, connectivity, type); });
}

// Points as x, y pairs of int32.
BRIDGE imgproc_bounding_rect(const int32_t *points, int32_t count, int32_t *rect)
{
    return guarded([&] {
        cv::Rect r = cv::boundingRect(cv::Mat(count, 1, CV_32SC2, const_cast<int32_t *>(points)));
        rect[0] = r.x;
        rect[1] = r.y;
        rect[2] = r.width;
        rect[3] = r.height;
    });
}

BRIDGE imgproc_rectangle(cv::Mat *image, int32_t x, int32_t y, int32_t width, int32_t height, const double *colour,
                         int32_t thickness, int32_t line, int32_t shift)
{
    return guarded([&] { cv::rectangle(*image, cv::Rect(x, y, width, height), scalar(colour), thickness, line, shift); });
}

BRIDGE imgproc_rectangle_corners(cv::Mat *image, int32_t x1, int32_t y1, int32_t x2, int32_t y2, const double *colour,
                                 int32_t thickness, int32_t line, int32_t shift)
{
    return guarded([&] { cv::rectangle(*image, {x1, y1}, {x2, y2}, scalar(colour), thickness, line, shift); });
}

BRIDGE imgproc_line(cv::Mat *image, int32_t x1, int32_t y1, int32_t x2, int32_t y2, const double *colour, int32_t thickness,
                    int32_t line, int32_t shift)
{
    return guarded([&] { cv::line(*image, {x1, y1}, {x2, y2}, scalar(colour), thickness, line, shift); });
}

BRIDGE imgproc_put_text(cv::Mat *image, const char *text, int32_t x, int32_t y, int32_t font, double scale, const double *colour,
                        int32_t thickness, int32_t line, int32_t bottom_left)
{
    return guarded(
        [&] { cv::putText(*image, text, {x, y}, font, scale, scalar(colour), thickness, line, bottom_left != 0); });
}
