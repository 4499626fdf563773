// Batch normalisation in training, of bfloat16 maps whose channels lie together, with single-precision parameters and statistics.
// libtorch's own is several times slower than memory on them. Sums run in single precision over 256 rows, then in double, in chunks that do
// not depend on the number of threads: the same numbers come out of any.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace brief {

#if defined(__x86_64__)
#define BRIEF_FAST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define BRIEF_FAST
#endif

constexpr int64_t chunks = 64;
constexpr int64_t block = 256;

inline __attribute__((always_inline)) float wide(uint16_t x)
{
    uint32_t bits = static_cast<uint32_t>(x) << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

// To the nearest, halves to even; NaN stays NaN.
inline __attribute__((always_inline)) uint16_t narrow(float x)
{
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    return static_cast<uint16_t>((bits & 0x7FFFFFFF) > 0x7F800000 ? 0x7FC0 : rounded);
}

BRIEF_FAST void add_moments(const uint16_t* x, int64_t rows, int64_t width, float* __restrict sum, float* __restrict squares)
{
    for (int64_t r = 0; r < rows; ++r, x += width) {
        for (int64_t c = 0; c < width; ++c) {
            float v = wide(x[c]);
            sum[c] += v;
            squares[c] += v * v;
        }
    }
}

BRIEF_FAST void add_products(const uint16_t* g, const uint16_t* x, int64_t rows, int64_t width, const float* __restrict mean,
                             float* __restrict sum, float* __restrict products)
{
    for (int64_t r = 0; r < rows; ++r, x += width, g += width) {
        for (int64_t c = 0; c < width; ++c) {
            float v = wide(g[c]);
            sum[c] += v;
            products[c] += v * (wide(x[c]) - mean[c]);
        }
    }
}

BRIEF_FAST void scale_rows(const uint16_t* x, int64_t rows, int64_t width, const float* __restrict scale, const float* __restrict shift,
                           uint16_t* __restrict y)
{
    for (int64_t r = 0; r < rows; ++r, x += width, y += width) {
        for (int64_t c = 0; c < width; ++c) {
            y[c] = narrow(wide(x[c]) * scale[c] + shift[c]);
        }
    }
}

BRIEF_FAST void combine_rows(const uint16_t* g, const uint16_t* x, int64_t rows, int64_t width, const float* __restrict of_g,
                             const float* __restrict of_x, const float* __restrict shift, uint16_t* __restrict y)
{
    for (int64_t r = 0; r < rows; ++r, x += width, g += width, y += width) {
        for (int64_t c = 0; c < width; ++c) {
            y[c] = narrow(wide(g[c]) * of_g[c] + wide(x[c]) * of_x[c] + shift[c]);
        }
    }
}

// Few channels make short rows: several of them are taken as one, with the channels' numbers repeated.
struct Layout {
    int64_t channels, width, rows;

    explicit Layout(const at::Tensor& x) : channels(x.size(1)), width(channels), rows(x.numel() / channels)
    {
        while (width < 128 && rows % 2 == 0) {
            width *= 2;
            rows /= 2;
        }
    }

    template <class T>
    std::vector<float> spread(const T& values) const
    {
        std::vector<float> result(width);
        for (int64_t i = 0; i < width; ++i) {
            result[i] = static_cast<float>(values[i % channels]);
        }
        return result;
    }

    // Two sums a channel, made by add(first row, rows, sum, other sum).
    template <class Add>
    void sums(Add add, std::vector<double>& first, std::vector<double>& second) const
    {
        std::vector<double> parts(chunks * 2 * channels, 0.0);
        at::parallel_for(0, chunks, 1, [&](int64_t from, int64_t to) {
            std::vector<float> one(width), two(width);
            for (int64_t k = from; k < to; ++k) {
                double* part = parts.data() + k * 2 * channels;
                int64_t end = rows * (k + 1) / chunks;
                for (int64_t row = rows * k / chunks; row < end; row += block) {
                    std::fill(one.begin(), one.end(), 0.f);
                    std::fill(two.begin(), two.end(), 0.f);
                    add(row, std::min(block, end - row), one.data(), two.data());
                    for (int64_t i = 0; i < width; ++i) {
                        part[i % channels] += one[i];
                        part[channels + i % channels] += two[i];
                    }
                }
            }
        });
        first.assign(channels, 0.0);
        second.assign(channels, 0.0);
        for (int64_t k = 0; k < chunks; ++k) {
            for (int64_t c = 0; c < channels; ++c) {
                first[c] += parts[k * 2 * channels + c];
                second[c] += parts[k * 2 * channels + channels + c];
            }
        }
    }

    // Runs over all rows in parallel: run(first row, rows).
    template <class Run>
    void each(Run run) const
    {
        at::parallel_for(0, rows, std::max<int64_t>(1, (1 << 15) / width), [&](int64_t from, int64_t to) { run(from, to - from); });
    }
};

inline const uint16_t* bits(const at::Tensor& t) { return static_cast<const uint16_t*>(t.data_ptr()); }

struct BatchNorm : torch::autograd::Function<BatchNorm> {
    static bool suits(const at::Tensor& x, const at::Tensor* mean, const at::Tensor* var, const at::Tensor* weight, const at::Tensor* bias)
    {
        auto single = [](const at::Tensor* t) { return t && t->scalar_type() == at::kFloat && t->is_contiguous(); };
        return x.is_cpu() && x.scalar_type() == at::kBFloat16 && x.dim() == 4 && x.numel() > x.size(1)
            && x.is_contiguous(at::MemoryFormat::ChannelsLast) && single(mean) && single(var) && single(weight) && single(bias);
    }

    static at::Tensor forward(torch::autograd::AutogradContext* context, at::Tensor x, at::Tensor weight, at::Tensor bias, at::Tensor mean,
                              at::Tensor var, double momentum, double eps)
    {
        Layout layout(x);
        int64_t n = x.numel() / layout.channels;
        std::vector<double> sum, squares;
        const uint16_t* in = bits(x);
        layout.sums([&](int64_t row, int64_t rows, float* one, float* two) { add_moments(in + row * layout.width, rows, layout.width, one, two); },
                    sum, squares);

        at::Tensor centre = at::empty({layout.channels}, weight.options().requires_grad(false)), spread = at::empty_like(centre);
        std::vector<float> scale(layout.channels), shift(layout.channels);
        const float* w = weight.data_ptr<float>();
        const float* b = bias.data_ptr<float>();
        float* running_mean = mean.data_ptr<float>();
        float* running_var = var.data_ptr<float>();
        for (int64_t c = 0; c < layout.channels; ++c) {
            double m = sum[c] / n;
            double v = std::max(0.0, squares[c] / n - m * m);
            double inverse = 1 / std::sqrt(v + eps);
            centre.data_ptr<float>()[c] = static_cast<float>(m);
            spread.data_ptr<float>()[c] = static_cast<float>(inverse);
            scale[c] = static_cast<float>(w[c] * inverse);
            shift[c] = static_cast<float>(b[c] - m * w[c] * inverse);
            running_mean[c] = static_cast<float>((1 - momentum) * running_mean[c] + momentum * m);
            running_var[c] = static_cast<float>((1 - momentum) * running_var[c] + momentum * v * n / (n - 1));
        }

        at::Tensor y = at::empty_like(x);
        uint16_t* out = static_cast<uint16_t*>(y.data_ptr());
        std::vector<float> scales = layout.spread(scale), shifts = layout.spread(shift);
        layout.each([&](int64_t row, int64_t rows) {
            scale_rows(in + row * layout.width, rows, layout.width, scales.data(), shifts.data(), out + row * layout.width);
        });
        context->save_for_backward({x, weight, centre, spread});
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients)
    {
        auto saved = context->get_saved_variables();
        at::Tensor x = saved[0], weight = saved[1], centre = saved[2], spread = saved[3];
        at::Tensor g = gradients[0].to(at::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
        Layout layout(x);
        double n = static_cast<double>(x.numel() / layout.channels);
        const uint16_t* in = bits(x);
        const uint16_t* grad = bits(g);
        std::vector<float> means = layout.spread(centre.data_ptr<float>());
        std::vector<double> sum, products;
        layout.sums(
            [&](int64_t row, int64_t rows, float* one, float* two) {
                add_products(grad + row * layout.width, in + row * layout.width, rows, layout.width, means.data(), one, two);
            },
            sum, products);

        at::Tensor of_weight = at::empty_like(centre), of_bias = at::empty_like(centre), result = at::empty_like(x);
        std::vector<float> of_g(layout.channels), of_x(layout.channels), shift(layout.channels);
        for (int64_t c = 0; c < layout.channels; ++c) {
            double inverse = spread.data_ptr<float>()[c], m = centre.data_ptr<float>()[c];
            double a = inverse * weight.data_ptr<float>()[c];
            double b = -a * inverse * inverse * products[c] / n;
            of_weight.data_ptr<float>()[c] = static_cast<float>(products[c] * inverse);
            of_bias.data_ptr<float>()[c] = static_cast<float>(sum[c]);
            of_g[c] = static_cast<float>(a);
            of_x[c] = static_cast<float>(b);
            shift[c] = static_cast<float>(-a * sum[c] / n - b * m);
        }

        uint16_t* out = static_cast<uint16_t*>(result.data_ptr());
        std::vector<float> gs = layout.spread(of_g), xs = layout.spread(of_x), shifts = layout.spread(shift);
        layout.each([&](int64_t row, int64_t rows) {
            combine_rows(grad + row * layout.width, in + row * layout.width, rows, layout.width, gs.data(), xs.data(), shifts.data(),
                         out + row * layout.width);
        });
        return {result, of_weight, of_bias, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

} // namespace brief
