#include "capture.h"
#include <cmath>
#include <cstdlib>
extern "C"
{
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
}

namespace bridge
{
namespace
{
enum Property
{
    PosMsec = 0,
    PosFrames = 1,
    FrameWidth = 3,
    FrameHeight = 4,
    Fps = 5,
    FourCc = 6,
    FrameCount = 7,
    BitRate = 47,
    OrientationMeta = 48,
    OrientationAuto = 49,
    OpenTimeout = 53,
    ReadTimeout = 54,
    Threads = 70,
};

// FFmpeg's own words go nowhere, unless the host asks as it asks OpenCV.
struct Quiet
{
    Quiet()
    {
        const char *level = std::getenv("OPENCV_FFMPEG_LOGLEVEL");
        av_log_set_level(level != nullptr ? std::atoi(level) : AV_LOG_QUIET);
        avformat_network_init();
    }
};

// sws_scale's fast paths write whole vectors: rows of other widths go through a padded buffer.
constexpr int row_alignment = 32;
} // namespace

int Capture::interrupted(void *self)
{
    return std::chrono::steady_clock::now() > static_cast<Capture *>(self)->deadline_;
}

void Capture::start_waiting(int milliseconds)
{
    deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
}

bool Capture::open(const std::string &url, const std::vector<int> &parameters)
{
    static Quiet quiet;
    release();
    int open_timeout = 30000, threads = 0;
    for (size_t i = 0; i + 1 < parameters.size(); i += 2)
    {
        switch (parameters[i])
        {
        case OpenTimeout: open_timeout = parameters[i + 1]; break;
        case ReadTimeout: read_timeout_ = parameters[i + 1]; break;
        case Threads: threads = parameters[i + 1]; break;
        case OrientationAuto: upright_ = parameters[i + 1] != 0; break;
        default: return false; // as OpenCV: a parameter that is not known is not ignored
        }
    }

    container_ = avformat_alloc_context();
    container_->interrupt_callback = {interrupted, this};
    start_waiting(open_timeout);
    AVDictionary *options = nullptr;
    const char *wanted = std::getenv("OPENCV_FFMPEG_CAPTURE_OPTIONS");
    if (wanted != nullptr)
    {
        av_dict_parse_string(&options, wanted, ";", "|", 0);
    }
    else
    {
        av_dict_set(&options, "rtsp_transport", "tcp", 0);
    }

    int status = avformat_open_input(&container_, url.c_str(), nullptr, &options);
    av_dict_free(&options);
    if (status < 0 || avformat_find_stream_info(container_, nullptr) < 0 || !find_stream(threads))
    {
        release();
        return false;
    }

    packet_ = av_packet_alloc();
    frame_ = av_frame_alloc();
    return true;
}

bool Capture::find_stream(int threads)
{
    const AVCodec *decoder = nullptr;
    int index = av_find_best_stream(container_, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (index < 0 || decoder == nullptr)
    {
        return false;
    }

    for (unsigned i = 0; i < container_->nb_streams; i++)
    {
        container_->streams[i]->discard = static_cast<int>(i) == index ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }

    AVCodecContext *codec = avcodec_alloc_context3(decoder);
    stream_ = container_->streams[index];
    codec->thread_count = threads;
    codec->pkt_timebase = stream_->time_base;
    if (avcodec_parameters_to_context(codec, stream_->codecpar) < 0 || avcodec_open2(codec, decoder, nullptr) < 0)
    {
        avcodec_free_context(&codec);
        return false;
    }

    codec_ = codec;
    return codec_->width > 0 && codec_->height > 0;
}

bool Capture::grab()
{
    grabbed_ = false;
    if (codec_ == nullptr)
    {
        return false;
    }

    start_waiting(read_timeout_);
    while (!receive())
    {
        if (draining_)
        {
            return false;
        }

        int status = av_read_frame(container_, packet_);
        if (status == AVERROR(EAGAIN))
        {
            continue;
        }

        if (status < 0) // the end, or a container damaged beyond finding the next packet
        {
            draining_ = true;
            avcodec_send_packet(codec_, nullptr);
            continue;
        }

        if (packet_->stream_index == stream_->index)
        {
            avcodec_send_packet(codec_, packet_); // a damaged packet gives no frame; the next key frame goes on
        }

        av_packet_unref(packet_);
    }

    int64_t time = frame_->best_effort_timestamp;
    if (time == AV_NOPTS_VALUE)
    {
        milliseconds_ = frames_ == 0 ? 0 : milliseconds_ + 1000 / frames_a_second();
    }
    else
    {
        if (first_ == AV_NOPTS_VALUE)
        {
            first_ = stream_->start_time != AV_NOPTS_VALUE ? stream_->start_time : time;
        }

        milliseconds_ = 1000 * static_cast<double>(time - first_) * av_q2d(stream_->time_base);
    }

    frames_++;
    grabbed_ = true;
    return true;
}

bool Capture::receive()
{
    return avcodec_receive_frame(codec_, frame_) == 0;
}

bool Capture::retrieve(cv::Mat &picture)
{
    if (!grabbed_ || frame_->width <= 0 || frame_->height <= 0 || frame_->data[0] == nullptr)
    {
        return false;
    }

    int width = frame_->width, height = frame_->height;
    scaler_ = sws_getCachedContext(scaler_, width, height, static_cast<AVPixelFormat>(frame_->format), width, height,
                                   AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr);
    if (scaler_ == nullptr)
    {
        return false;
    }

    int turns = upright_ ? rotation() : 0;
    cv::Mat turned;
    cv::Mat &target = turns == 0 ? picture : turned;
    target.create(height, width, CV_8UC3);
    bool direct = width % row_alignment == 0 && target.isContinuous();
    int padded = (width + row_alignment - 1) / row_alignment * row_alignment * 3;
    scratch_.resize(direct ? 0 : static_cast<size_t>(padded) * (height + 1));
    uint8_t *planes[4] = {direct ? target.data : scratch_.data(), nullptr, nullptr, nullptr};
    int steps[4] = {direct ? static_cast<int>(target.step[0]) : padded, 0, 0, 0};
    sws_scale(scaler_, frame_->data, frame_->linesize, 0, height, planes, steps);
    if (!direct)
    {
        cv::Mat(height, width, CV_8UC3, scratch_.data(), padded).copyTo(target);
    }

    if (turns != 0)
    {
        cv::rotate(turned, picture, turns == 90 ? cv::ROTATE_90_CLOCKWISE : turns == 180 ? cv::ROTATE_180 : cv::ROTATE_90_COUNTERCLOCKWISE);
    }

    return true;
}

// Degrees clockwise that bring the picture upright: 0, 90, 180 or 270.
int Capture::rotation() const
{
    const uint8_t *matrix = av_stream_get_side_data(stream_, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
    if (matrix == nullptr)
    {
        return 0;
    }

    double angle = -av_display_rotation_get(reinterpret_cast<const int32_t *>(matrix));
    return std::isnan(angle) ? 0 : ((static_cast<int>(std::lround(angle / 90)) % 4 + 4) % 4) * 90;
}

double Capture::frames_a_second() const
{
    AVRational rate = av_guess_frame_rate(container_, stream_, nullptr);
    double value = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
    return value > 0 ? value : 25;
}

double Capture::get(int property) const
{
    if (codec_ == nullptr)
    {
        return 0;
    }

    bool sideways = upright_ && rotation() % 180 != 0;
    double seconds = stream_->duration != AV_NOPTS_VALUE && stream_->duration > 0
                         ? static_cast<double>(stream_->duration) * av_q2d(stream_->time_base)
                         : container_->duration != AV_NOPTS_VALUE ? static_cast<double>(container_->duration) / AV_TIME_BASE : 0;
    switch (property)
    {
    case PosMsec: return milliseconds_;
    case PosFrames: return static_cast<double>(frames_);
    case FrameWidth: return sideways ? codec_->height : codec_->width;
    case FrameHeight: return sideways ? codec_->width : codec_->height;
    case Fps: return frames_a_second();
    case FourCc: return codec_->codec_tag;
    case FrameCount:
        return static_cast<double>(stream_->nb_frames > 0 ? stream_->nb_frames : std::llround(seconds * frames_a_second()));
    case BitRate: return static_cast<double>(container_->bit_rate) / 1000;
    case OrientationMeta: return rotation();
    case OrientationAuto: return upright_;
    default: return 0;
    }
}

bool Capture::set(int property, double value)
{
    if (property != OrientationAuto)
    {
        return false;
    }

    upright_ = value != 0;
    return true;
}

void Capture::release()
{
    sws_freeContext(scaler_);
    scaler_ = nullptr;
    av_frame_free(&frame_);
    av_packet_free(&packet_);
    avcodec_free_context(&codec_);
    avformat_close_input(&container_);
    stream_ = nullptr;
    draining_ = grabbed_ = false;
    frames_ = 0;
    first_ = AV_NOPTS_VALUE;
    milliseconds_ = 0;
}
} // namespace bridge
