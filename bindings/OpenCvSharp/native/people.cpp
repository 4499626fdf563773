#include "bridge.h"
#include <opencv2/objdetect.hpp>
#include <opencv2/video/background_segm.hpp>

using bridge::guarded;

using Mog2 = cv::Ptr<cv::BackgroundSubtractorMOG2>;

BRIDGE mog2_new(int32_t history, double threshold, int32_t shadows, Mog2 **subtractor)
{
    return guarded([&] { *subtractor = new Mog2(cv::createBackgroundSubtractorMOG2(history, threshold, shadows != 0)); });
}

BRIDGE mog2_delete(Mog2 *subtractor)
{
    delete subtractor;
    return 0;
}

BRIDGE mog2_apply(Mog2 *subtractor, cv::Mat *image, cv::Mat *mask, double rate)
{
    return guarded([&] { (*subtractor)->apply(*image, *mask, rate); });
}

BRIDGE mog2_background(Mog2 *subtractor, cv::Mat *image)
{
    return guarded([&] { (*subtractor)->getBackgroundImage(*image); });
}

// Numbers in the order of the C# enum MogProperty.
BRIDGE mog2_get(Mog2 *subtractor, int32_t property, double *value)
{
    return guarded([&] {
        cv::BackgroundSubtractorMOG2 &m = **subtractor;
        const double values[] = {double(m.getHistory()), double(m.getNMixtures()), m.getBackgroundRatio(), m.getVarThreshold(),
                                 m.getVarThresholdGen(), m.getVarInit(), m.getVarMin(), m.getVarMax(),
                                 double(m.getDetectShadows()), double(m.getShadowValue()), m.getShadowThreshold()};
        *value = values[property];
    });
}

BRIDGE mog2_set(Mog2 *subtractor, int32_t property, double value)
{
    return guarded([&] {
        cv::BackgroundSubtractorMOG2 &m = **subtractor;
        switch (property)
        {
        case 0: m.setHistory(int(value)); break;
        case 1: m.setNMixtures(int(value)); break;
        case 2: m.setBackgroundRatio(value); break;
        case 3: m.setVarThreshold(value); break;
        case 4: m.setVarThresholdGen(value); break;
        case 5: m.setVarInit(value); break;
        case 6: m.setVarMin(value); break;
        case 7: m.setVarMax(value); break;
        case 8: m.setDetectShadows(value != 0); break;
        case 9: m.setShadowValue(int(value)); break;
        case 10: m.setShadowThreshold(value); break;
        }
    });
}

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
