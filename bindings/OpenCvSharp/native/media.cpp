#include "bridge.h"
#include "capture.h"
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

using bridge::guarded;

BRIDGE imgcodecs_imread(const char *file, int32_t flags, cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(cv::imread(file, flags)); });
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

BRIDGE capture_new(bridge::Capture **capture)
{
    return guarded([&] { *capture = new bridge::Capture(); });
}

BRIDGE capture_open(bridge::Capture *capture, const char *file, int32_t api, const int32_t *params, int32_t count, int32_t *opened)
{
    return guarded([&] {
        bool ours = api == cv::CAP_ANY || api == cv::CAP_FFMPEG;
        *opened = ours && capture->open(file, std::vector<int>(params, params + count));
    });
}

BRIDGE capture_delete(bridge::Capture *capture)
{
    delete capture;
    return 0;
}

BRIDGE capture_is_opened(bridge::Capture *capture, int32_t *opened)
{
    return guarded([&] { *opened = capture->is_open(); });
}

BRIDGE capture_release(bridge::Capture *capture)
{
    return guarded([&] { capture->release(); });
}

BRIDGE capture_grab(bridge::Capture *capture, int32_t *grabbed)
{
    return guarded([&] { *grabbed = capture->grab(); });
}

BRIDGE capture_retrieve(bridge::Capture *capture, cv::Mat *mat, int32_t *retrieved)
{
    return guarded([&] { *retrieved = capture->retrieve(*mat); });
}

BRIDGE capture_read(bridge::Capture *capture, cv::Mat *mat, int32_t *read)
{
    return guarded([&] {
        *read = capture->grab() && capture->retrieve(*mat);
        if (*read == 0)
        {
            mat->release();
        }
    });
}

BRIDGE capture_get(bridge::Capture *capture, int32_t property, double *value)
{
    return guarded([&] { *value = capture->get(property); });
}

BRIDGE capture_set(bridge::Capture *capture, int32_t property, double value, int32_t *set)
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
