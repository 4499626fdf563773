#include "bridge.h"
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

using bridge::guarded;

namespace
{
// CAP_PROP_N_THREADS of OpenCV 4.7 and later. Older ones refuse parameters they do not know, and use every core; there it is left out.
constexpr int n_threads_property = 70;

std::vector<int> known(const int32_t *params, int32_t count)
{
    std::vector<int> kept;
    for (int32_t i = 0; i + 1 < count; i += 2)
    {
        bool newer = CV_VERSION_MAJOR > 4 || (CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR >= 7);
        if (params[i] != n_threads_property || newer)
        {
            kept.push_back(params[i]);
            kept.push_back(params[i + 1]);
        }
    }
    return kept;
}
} // namespace

BRIDGE imgcodecs_imread(const char *file, int32_t flags, cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(cv::imread(file, flags)); });
}

BRIDGE imgcodecs_imwrite(const char *file, cv::Mat *mat, const int32_t *params, int32_t count, int32_t *written)
{
    return guarded([&] { *written = cv::imwrite(file, *mat, std::vector<int>(params, params + count)); });
}

BRIDGE imgcodecs_imdecode(const uint8_t *bytes, int32_t length, int32_t flags, cv::Mat **mat)
{
    return guarded([&] {
        *mat = new cv::Mat(cv::imdecode(cv::Mat(1, length, CV_8UC1, const_cast<uint8_t *>(bytes)), flags));
    });
}

BRIDGE imgcodecs_imencode(const char *extension, cv::Mat *mat, const int32_t *params, int32_t count, bridge::Buffer *buffer,
                          int32_t *encoded)
{
    return guarded([&] {
        std::vector<uint8_t> bytes;
        *encoded = cv::imencode(extension, *mat, bytes, std::vector<int>(params, params + count));
        buffer->bytes.assign(bytes.begin(), bytes.end());
    });
}

BRIDGE capture_new(cv::VideoCapture **capture)
{
    return guarded([&] { *capture = new cv::VideoCapture(); });
}

BRIDGE capture_open(cv::VideoCapture *capture, const char *file, int32_t api, const int32_t *params, int32_t count, int32_t *opened)
{
    return guarded([&] { *opened = capture->open(file, api, known(params, count)); });
}

BRIDGE capture_delete(cv::VideoCapture *capture)
{
    delete capture;
    return 0;
}

BRIDGE capture_is_opened(cv::VideoCapture *capture, int32_t *opened)
{
    return guarded([&] { *opened = capture->isOpened(); });
}

BRIDGE capture_release(cv::VideoCapture *capture)
{
    return guarded([&] { capture->release(); });
}

BRIDGE capture_grab(cv::VideoCapture *capture, int32_t *grabbed)
{
    return guarded([&] { *grabbed = capture->grab(); });
}

BRIDGE capture_retrieve(cv::VideoCapture *capture, cv::Mat *mat, int32_t flag, int32_t *retrieved)
{
    return guarded([&] { *retrieved = capture->retrieve(*mat, flag); });
}

BRIDGE capture_read(cv::VideoCapture *capture, cv::Mat *mat, int32_t *read)
{
    return guarded([&] { *read = capture->read(*mat); });
}

BRIDGE capture_get(cv::VideoCapture *capture, int32_t property, double *value)
{
    return guarded([&] { *value = capture->get(property); });
}

BRIDGE capture_set(cv::VideoCapture *capture, int32_t property, double value, int32_t *set)
{
    return guarded([&] { *set = capture->set(property, value); });
}

BRIDGE writer_new(const char *file, int32_t api, int32_t fourcc, double fps, int32_t width, int32_t height, int32_t colour,
                  cv::VideoWriter **writer)
{
    return guarded([&] { *writer = new cv::VideoWriter(file, api, fourcc, fps, {width, height}, colour != 0); });
}

BRIDGE writer_delete(cv::VideoWriter *writer)
{
    delete writer;
    return 0;
}

BRIDGE writer_is_opened(cv::VideoWriter *writer, int32_t *opened)
{
    return guarded([&] { *opened = writer->isOpened(); });
}

BRIDGE writer_write(cv::VideoWriter *writer, cv::Mat *mat)
{
    return guarded([&] { writer->write(*mat); });
}

BRIDGE writer_release(cv::VideoWriter *writer)
{
    return guarded([&] { writer->release(); });
}
