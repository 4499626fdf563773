#include "bridge.h"
#include <opencv2/objdetect.hpp>

using bridge::guarded;

BRIDGE hog_new(cv::HOGDescriptor **hog)
{
    return guarded([&] { *hog = new cv::HOGDescriptor(); });
}

BRIDGE hog_delete(cv::HOGDescriptor *hog)
{
    delete hog;
    return 0;
}

// The array is static in the library.
BRIDGE hog_default_people_detector(const float **values, int32_t *count)
{
    return guarded([&] {
        static const std::vector<float> detector = cv::HOGDescriptor::getDefaultPeopleDetector();
        *values = detector.data();
        *count = int32_t(detector.size());
    });
}

BRIDGE hog_set_svm_detector(cv::HOGDescriptor *hog, const float *values, int32_t count)
{
    return guarded([&] { hog->setSVMDetector(std::vector<float>(values, values + count)); });
}

// Boxes come back as int32 x, y, width, height followed by the weights as double, one of each per box.
BRIDGE hog_detect_multi_scale(cv::HOGDescriptor *hog, cv::Mat *image, double threshold, int32_t stride_x, int32_t stride_y,
                              int32_t padding_x, int32_t padding_y, double scale, int32_t group, bridge::Buffer *boxes,
                              bridge::Buffer *weights)
{
    return guarded([&] {
        std::vector<cv::Rect> found;
        std::vector<double> found_weights;
        hog->detectMultiScale(*image, found, found_weights, threshold, {stride_x, stride_y}, {padding_x, padding_y}, scale, group);
        static_assert(sizeof(cv::Rect) == 4 * sizeof(int32_t), "a box is four int32");
        boxes->bytes.assign(reinterpret_cast<const char *>(found.data()), found.size() * sizeof(cv::Rect));
        weights->bytes.assign(reinterpret_cast<const char *>(found_weights.data()), found_weights.size() * sizeof(double));
    });
}
