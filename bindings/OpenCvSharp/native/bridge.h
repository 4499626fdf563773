// The C interface between OpenCvSharp's C# slice and OpenCV: plain integers, doubles and pointers; every function returns
// 0, or 1 with the error kept for the calling thread. Objects are owned by the caller and freed by the matching _delete.
#pragma once
#include <opencv2/core.hpp>
#include <cstdint>
#include <exception>
#include <string>

// Raised with every change of a signature here, together with Bridge.Version in Internal/Bridge.cs.
#define BRIDGE_VERSION "opencvsharp-bridge-4"
#define BRIDGE extern "C" __attribute__((visibility("default"))) int32_t

namespace bridge
{
struct Error
{
    int32_t code = 0, line = 0;
    std::string function, message, file;
};

Error &last_error();

// Runs the body; no C++ exception crosses the border.
template <class Body> int32_t guarded(Body &&body)
{
    Error &error = last_error();
    try
    {
        body();
        return 0;
    }
    catch (const cv::Exception &e)
    {
        error = {e.code, e.line, e.func, e.err, e.file};
    }
    catch (const std::exception &e)
    {
        error = {cv::Error::StsError, 0, "", e.what(), ""};
    }
    catch (...)
    {
        error = {cv::Error::StsError, 0, "", "unknown C++ exception", ""};
    }
    return 1;
}

// An empty Mat means "no mask" wherever OpenCV takes one.
inline cv::Mat optional(const cv::Mat *mat)
{
    return mat == nullptr ? cv::Mat() : *mat;
}

inline cv::Scalar scalar(const double *values)
{
    return {values[0], values[1], values[2], values[3]};
}

// A buffer that the caller reads and then frees with bridge_buffer_delete.
struct Buffer
{
    std::string bytes;
};
} // namespace bridge
