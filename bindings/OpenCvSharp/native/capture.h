// cv::VideoCapture's work over FFmpeg, for files and streams, as OpenCV 4.11 does it. OpenCV 4.6 on FFmpeg 5 has faults that recordings
// meet: it loses the timestamps of the last frames, keeps the first frame's size when the resolution changes (and reads beyond smaller
// pictures), ends at the first damaged packet, and decodes every file with all cores (CAP_PROP_N_THREADS came with 4.7).
#pragma once
#include <opencv2/core.hpp>
extern "C"
{
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bridge
{
class Capture
{
public:
    Capture() = default;
    Capture(const Capture &) = delete;
    Capture &operator=(const Capture &) = delete;
    ~Capture() { release(); }

    // Parameters are pairs of property and value, of those that count at opening: 53, 54 (time-outs in ms) and 70 (threads, 0 = all cores).
    bool open(const std::string &url, const std::vector<int> &parameters);
    bool is_open() const { return codec_ != nullptr; }
    bool grab();
    bool retrieve(cv::Mat &picture);
    double get(int property) const;
    bool set(int property, double value);
    void release();

private:
    static int interrupted(void *self);
    bool find_stream(int threads);
    bool receive();
    int rotation() const;
    double frames_a_second() const;
    void start_waiting(int milliseconds);

    AVFormatContext *container_ = nullptr;
    AVCodecContext *codec_ = nullptr;
    AVStream *stream_ = nullptr;
    AVPacket *packet_ = nullptr;
    AVFrame *frame_ = nullptr;
    SwsContext *scaler_ = nullptr;
    std::vector<uint8_t> scratch_;
    std::chrono::steady_clock::time_point deadline_;
    int read_timeout_ = 30000;
    bool draining_ = false, grabbed_ = false, upright_ = true;
    int64_t frames_ = 0, first_ = AV_NOPTS_VALUE;
    double milliseconds_ = 0;
};
} // namespace bridge
