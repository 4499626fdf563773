#include "bridge.h"
#include <opencv2/core/utils/logger.hpp>
#include <cstdlib>
#include <cstring>

namespace bridge
{
Error &last_error()
{
    thread_local Error error;
    return error;
}

// A library does not write to its host's terminal: errors come back as exceptions, decoders' complaints as failed reads.
// Whoever wants FFmpeg's words sets the variable before the start.
struct Quiet
{
    Quiet()
    {
        setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
        if (std::getenv("OPENCV_LOG_LEVEL") == nullptr)
        {
            cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        }
        cv::redirectError([](int, const char *, const char *, const char *, int, void *) { return 0; });
    }
} quiet;
} // namespace bridge

using bridge::guarded;
using bridge::optional;
using bridge::scalar;

extern "C" __attribute__((visibility("default"))) const char *bridge_version()
{
    return BRIDGE_VERSION;
}

BRIDGE bridge_last_error(int32_t *code, int32_t *line, const char **function, const char **message, const char **file)
{
    const bridge::Error &error = bridge::last_error();
    *code = error.code;
    *line = error.line;
    *function = error.function.c_str();
    *message = error.message.c_str();
    *file = error.file.c_str();
    return 0;
}

BRIDGE bridge_buffer_new(bridge::Buffer **buffer)
{
    return guarded([&] { *buffer = new bridge::Buffer(); });
}

BRIDGE bridge_buffer_view(bridge::Buffer *buffer, const char **bytes, int64_t *length)
{
    *bytes = buffer->bytes.data();
    *length = static_cast<int64_t>(buffer->bytes.size());
    return 0;
}

BRIDGE bridge_buffer_delete(bridge::Buffer *buffer)
{
    delete buffer;
    return 0;
}

BRIDGE core_version_string(bridge::Buffer *buffer)
{
    return guarded([&] { buffer->bytes = cv::getVersionString(); });
}

BRIDGE mat_new(cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(); });
}

BRIDGE mat_new_size(int32_t rows, int32_t cols, int32_t type, cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(rows, cols, type); });
}

BRIDGE mat_new_filled(int32_t rows, int32_t cols, int32_t type, const double *value, cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(rows, cols, type, scalar(value)); });
}

// The pixels stay the caller's; they must outlive the Mat.
BRIDGE mat_new_over(int32_t rows, int32_t cols, int32_t type, void *data, int64_t step, cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(rows, cols, type, data, static_cast<size_t>(step)); });
}

BRIDGE mat_new_part(cv::Mat *whole, int32_t x, int32_t y, int32_t width, int32_t height, cv::Mat **mat)
{
    return guarded([&] { *mat = new cv::Mat(*whole, cv::Rect(x, y, width, height)); });
}

BRIDGE mat_delete(cv::Mat *mat)
{
    delete mat;
    return 0;
}

// rows, cols, type, continuous, submatrix; step in bytes; first pixel (the Mat's, not the caller's).
BRIDGE mat_head(cv::Mat *mat, int32_t *head, int64_t *step, void **data)
{
    head[0] = mat->rows;
    head[1] = mat->cols;
    head[2] = mat->type();
    head[3] = mat->isContinuous();
    head[4] = mat->isSubmatrix();
    *step = mat->empty() ? 0 : static_cast<int64_t>(mat->step[0]);
    *data = mat->data;
    return 0;
}

BRIDGE mat_clone(cv::Mat *mat, cv::Mat **copy)
{
    return guarded([&] { *copy = new cv::Mat(mat->clone()); });
}

BRIDGE mat_copy_to(cv::Mat *mat, cv::Mat *target, cv::Mat *mask)
{
    return guarded([&] { mask == nullptr ? mat->copyTo(*target) : mat->copyTo(*target, *mask); });
}

BRIDGE mat_set_to(cv::Mat *mat, const double *value, cv::Mat *mask)
{
    return guarded([&] { mat->setTo(scalar(value), optional(mask)); });
}

BRIDGE mat_reshape(cv::Mat *mat, int32_t channels, int32_t rows, cv::Mat **other)
{
    return guarded([&] { *other = new cv::Mat(mat->reshape(channels, rows)); });
}

BRIDGE core_set_num_threads(int32_t threads)
{
    return guarded([&] { cv::setNumThreads(threads); });
}

BRIDGE core_absdiff(cv::Mat *a, cv::Mat *b, cv::Mat *dst)
{
    return guarded([&] { cv::absdiff(*a, *b, *dst); });
}

BRIDGE core_mean(cv::Mat *src, double *mean, cv::Mat *mask)
{
    return guarded([&] {
        cv::Scalar m = cv::mean(*src, optional(mask));
        std::memcpy(mean, m.val, sizeof m.val);
    });
}

BRIDGE core_count_non_zero(cv::Mat *src, int32_t *count)
{
    return guarded([&] { *count = cv::countNonZero(*src); });
}
