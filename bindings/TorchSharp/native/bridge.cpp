// The C face of libtorch that bindings/TorchSharp imports: plain tensor functions, one line each. Built by build.sh.
//
// Rules: every function returns 0, or 1 with the message in tsb_last_error() (of the calling thread); no C++ exception crosses
// the border. A tensor is an at::Tensor* that the caller owns and gives back to tsb_delete. Null stands for an absent tensor.
// Sizes are int64_t, flags int32_t. Only what libtorch 1.13 and 2.x have in common is used.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "batch_norm.h"

#include <atomic>
#include <climits>
#include <cmath>
#include <cstring>
#include <malloc.h>
#include <string>
#include <type_traits>
#include <vector>

namespace {

thread_local std::string last_error;

template <class F>
int32_t guard(F f)
{
    try {
        f();
        return 0;
    } catch (const c10::Error& e) {
        last_error = e.what_without_backtrace();
    } catch (const std::exception& e) {
        last_error = e.what();
    } catch (...) {
        last_error = "unknown C++ exception in libtorch";
    }
    return 1;
}

using Handle = at::Tensor*;

std::atomic<int64_t> live{0}; // tensors given out and not yet deleted

Handle give(at::Tensor t)
{
    Handle made = new at::Tensor(std::move(t));
    ++live;
    return made;
}

// An absent tensor is c10::optional in 1.13 and std::optional in later versions: taken from a function that asks for one.
template <class Result, class X, class Weight, class Bias>
std::decay_t<Bias> third_of(Result (*)(X, Weight, Bias));
using MaybeTensor = decltype(third_of(&at::linear));

MaybeTensor maybe(Handle t) { return t ? MaybeTensor(*t) : MaybeTensor(); }
at::IntArrayRef dims(const int64_t* values, int32_t count) { return at::IntArrayRef(values, count); }

at::Device device_of(int32_t type, int32_t index)
{
    return at::Device(static_cast<at::DeviceType>(type), static_cast<at::DeviceIndex>(index));
}

// ReLU6 in one pass over memory each way, from its own result, so that it can work in place. libtorch's hardtanh keeps its input and
// crawls in bfloat16. NaN stays NaN, as there.
struct Relu6 : torch::autograd::Function<Relu6> {
    static constexpr uint16_t six = 0x40C0, infinity = 0x7F80; // bfloat16: sign, 8 bits of exponent, 7 of fraction

    static uint16_t clamped(uint16_t x)
    {
        uint16_t size = x & 0x7FFF;
        uint16_t inside = (x & 0x8000) ? 0 : (x < six ? x : six);
        return size > infinity ? x : inside;
    }

    static float clamped(float x)
    {
        float lower = x < 0.f ? 0.f : x;
        return lower > 6.f ? 6.f : lower;
    }

    static uint16_t passed(uint16_t g, uint16_t y) { return y != 0 && y != six ? g : 0; }
    static float passed(float g, float y) { return y != 0.f && y != 6.f ? g : 0.f; }

    template <class T>
    static void forward_pass(const T* x, T* y, int64_t n)
    {
        at::parallel_for(0, n, 1 << 16, [=](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; ++i) {
                y[i] = clamped(x[i]);
            }
        });
    }

    template <class T>
    static void backward_pass(const T* g, const T* y, T* result, int64_t n)
    {
        at::parallel_for(0, n, 1 << 16, [=](int64_t from, int64_t to) {
            for (int64_t i = from; i < to; ++i) {
                result[i] = passed(g[i], y[i]);
            }
        });
    }

    static bool suits(const at::Tensor& t) { return t.is_cpu() && (t.scalar_type() == at::kBFloat16 || t.scalar_type() == at::kFloat); }

    static at::Tensor forward(torch::autograd::AutogradContext* context, at::Tensor x, bool in_place)
    {
        at::Tensor y = in_place ? x : at::empty_like(x);
        if (x.scalar_type() == at::kFloat) {
            forward_pass(static_cast<const float*>(x.data_ptr()), static_cast<float*>(y.data_ptr()), x.numel());
        } else {
            forward_pass(static_cast<const uint16_t*>(x.data_ptr()), static_cast<uint16_t*>(y.data_ptr()), x.numel());
        }
        if (in_place) {
            context->mark_dirty({x});
        }
        context->save_for_backward({y});
        return y;
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients)
    {
        at::Tensor y = context->get_saved_variables()[0];
        at::Tensor g = gradients[0];
        if (g.scalar_type() != y.scalar_type() || g.strides() != y.strides()) {
            g = at::empty_like(y).copy_(g); // the gradient of a mean, say, is one number spread without memory
        }
        at::Tensor result = at::empty_like(y);
        if (y.scalar_type() == at::kFloat) {
            backward_pass(static_cast<const float*>(g.data_ptr()), static_cast<const float*>(y.data_ptr()), static_cast<float*>(result.data_ptr()), y.numel());
        } else {
            backward_pass(static_cast<const uint16_t*>(g.data_ptr()), static_cast<const uint16_t*>(y.data_ptr()),
                          static_cast<uint16_t*>(result.data_ptr()), y.numel());
        }
        return {result, at::Tensor()};
    }
};

at::Tensor relu6(const at::Tensor& x, bool in_place)
{
    if (Relu6::suits(x) && (x.is_non_overlapping_and_dense() || !in_place)) {
        return Relu6::apply(x.is_non_overlapping_and_dense() ? x : x.contiguous(), in_place); // over memory as it lies
    }
    at::Tensor same = x;
    return in_place ? at::hardtanh_(same, 0, 6) : at::hardtanh(x, 0, 6);
}

} // namespace

#define TSB extern "C" __attribute__((visibility("default")))
#define GIVE(expression) return guard([&] { *out = give(expression); })
#define UNARY(name, expression) TSB int32_t tsb_##name(Handle t, Handle* out) { GIVE(expression); }
#define BINARY(name, expression) TSB int32_t tsb_##name(Handle a, Handle b, Handle* out) { GIVE(expression); }
#define WITH_SCALAR(name, expression) TSB int32_t tsb_##name(Handle t, double value, Handle* out) { GIVE(expression); }
#define OVER_DIMS(name, expression) \
    TSB int32_t tsb_##name(Handle t, const int64_t* d, int32_t n, int32_t keep, Handle* out) { GIVE(expression); }

// ---- the library -------------------------------------------------------------------------------------------------------------
// A training step asks for the same hundreds of megabytes as the one before. Given back to the system in between, they come back as fresh pages,
// zeroed one by one on first touch: measured, six times the step's time at 192 x 96. So they stay with the process, and all threads share them.
static const bool memory_is_kept = [] {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 256 << 20);
    mallopt(M_ARENA_MAX, 1);
    return true;
}();

TSB const char* tsb_version() { return "TorchSharpBridge 2"; }
TSB const char* tsb_last_error() { return last_error.c_str(); }
TSB int32_t tsb_set_num_threads(int32_t count) { return guard([&] { at::set_num_threads(count); }); }
TSB int32_t tsb_get_num_threads() { return at::get_num_threads(); }
TSB int32_t tsb_cuda_is_available() { return at::hasCUDA() ? 1 : 0; }
TSB int32_t tsb_grad_enabled() { return at::GradMode::is_enabled() ? 1 : 0; }
TSB void tsb_set_grad_enabled(int32_t on) { at::GradMode::set_enabled(on != 0); }

// ---- making, freeing, reading ------------------------------------------------------------------------------------------------
TSB void tsb_delete(Handle t)
{
    delete t;
    --live;
}

TSB int64_t tsb_live_count() { return live; }

// Copies the caller's bytes; they are not needed afterwards.
TSB int32_t tsb_from_data(const void* data, const int64_t* shape, int32_t n, int32_t dtype, Handle* out)
{
    GIVE(at::from_blob(const_cast<void*>(data), dims(shape, n), at::TensorOptions(static_cast<at::ScalarType>(dtype))).clone());
}

TSB int32_t tsb_full(const int64_t* shape, int32_t n, double value, int32_t dtype, int32_t device, int32_t index, Handle* out)
{
    GIVE(at::full(dims(shape, n), value, at::TensorOptions(static_cast<at::ScalarType>(dtype)).device(device_of(device, index))));
}

// Writes the tensor's values, row-major, into the caller's buffer of exactly that many bytes.
TSB int32_t tsb_read(Handle t, void* data, int64_t bytes)
{
    return guard([&] {
        at::Tensor flat = t->detach().to(at::kCPU).contiguous();
        TORCH_CHECK(static_cast<int64_t>(flat.nbytes()) == bytes, "buffer of ", bytes, " bytes for a tensor of ", flat.nbytes());
        if (bytes > 0) {
            std::memcpy(data, flat.data_ptr(), static_cast<size_t>(bytes));
        }
    });
}

TSB int32_t tsb_dim(Handle t) { return static_cast<int32_t>(t->dim()); }
TSB int64_t tsb_size(Handle t, int32_t d) { return t->size(d); }
TSB int64_t tsb_numel(Handle t) { return t->numel(); }
TSB int32_t tsb_dtype(Handle t) { return static_cast<int32_t>(t->scalar_type()); }
TSB int32_t tsb_device_type(Handle t) { return static_cast<int32_t>(t->device().type()); }
TSB int32_t tsb_device_index(Handle t) { return static_cast<int32_t>(t->device().index()); }
TSB int32_t tsb_to_device(Handle t, int32_t type, int32_t index, Handle* out) { GIVE(t->to(device_of(type, index))); }
TSB int32_t tsb_to_dtype(Handle t, int32_t dtype, Handle* out) { GIVE(t->to(static_cast<at::ScalarType>(dtype))); }
TSB int32_t tsb_copy_into(Handle t, Handle source) { return guard([&] { t->copy_(*source); }); }
TSB int32_t tsb_fill(Handle t, double value) { return guard([&] { t->fill_(value); }); }

// ---- autograd ----------------------------------------------------------------------------------------------------------------
TSB int32_t tsb_requires_grad(Handle t) { return t->requires_grad() ? 1 : 0; }
TSB int32_t tsb_set_requires_grad(Handle t, int32_t on) { return guard([&] { t->set_requires_grad(on != 0); }); }
TSB int32_t tsb_backward(Handle t) { return guard([&] { t->backward(); }); }

// Null when there is no gradient yet.
TSB int32_t tsb_grad(Handle t, Handle* out)
{
    return guard([&] { *out = t->grad().defined() ? give(t->grad()) : nullptr; });
}

TSB int32_t tsb_clear_grad(Handle t) { return guard([&] { t->mutable_grad() = at::Tensor(); }); }
UNARY(detach, t->detach())

// ---- arithmetic --------------------------------------------------------------------------------------------------------------
UNARY(neg, t->neg())
UNARY(relu, t->relu())
UNARY(relu6, relu6(*t, false))
UNARY(exp, t->exp())
UNARY(abs, t->abs())
UNARY(isfinite, t->isfinite())
UNARY(all, t->all())
UNARY(norm, t->norm())
UNARY(sigmoid, t->sigmoid())
UNARY(sqrt, t->sqrt())
UNARY(sum, t->sum())
UNARY(mean, t->mean())
BINARY(add, *a + *b)
BINARY(sub, *a - *b)
BINARY(mul, *a * *b)
BINARY(div, *a / *b)
BINARY(matmul, at::matmul(*a, *b))
WITH_SCALAR(add_scalar, t->add(value))
WITH_SCALAR(mul_scalar, t->mul(value))
WITH_SCALAR(div_scalar, t->div(value))
WITH_SCALAR(pow_scalar, t->pow(value))
WITH_SCALAR(clamp_min, t->clamp_min(value))
WITH_SCALAR(clamp_max, t->clamp_max(value))
BINARY(eq, a->eq(*b))
BINARY(ne, a->ne(*b))

TSB int32_t tsb_clamp(Handle t, double low, double high, Handle* out) { GIVE(t->clamp(low, high)); }
TSB int32_t tsb_softplus(Handle t, double beta, double threshold, Handle* out) { GIVE(at::softplus(*t, beta, threshold)); }
TSB int32_t tsb_masked_fill(Handle t, Handle mask, double value, Handle* out) { GIVE(t->masked_fill(*mask, value)); }
TSB int32_t tsb_gather(Handle t, int64_t dim, Handle index, Handle* out) { GIVE(t->gather(dim, *index)); }
TSB int32_t tsb_where(Handle condition, Handle x, Handle y, Handle* out) { GIVE(at::where(*condition, *x, *y)); }
TSB int32_t tsb_cdist(Handle a, Handle b, double p, int64_t mode, Handle* out) { GIVE(at::cdist(*a, *b, p, mode)); }

// Largest (or smallest) values along a dimension, and where they are.
TSB int32_t tsb_extreme(Handle t, int64_t dim, int32_t keep, int32_t largest, Handle* values, Handle* indexes)
{
    return guard([&] {
        auto found = largest ? t->max(dim, keep != 0) : t->min(dim, keep != 0);
        *values = give(std::get<0>(found));
        *indexes = give(std::get<1>(found));
    });
}

// ---- in place ----------------------------------------------------------------------------------------------------------------
TSB int32_t tsb_relu_in_place(Handle t) { return guard([&] { t->relu_(); }); }
TSB int32_t tsb_relu6_in_place(Handle t) { return guard([&] { relu6(*t, true); }); }
TSB int32_t tsb_add_in_place(Handle t, Handle other, double alpha) { return guard([&] { t->add_(*other, alpha); }); }
TSB int32_t tsb_mul_scalar_in_place(Handle t, double value) { return guard([&] { t->mul_(value); }); }
OVER_DIMS(sum_dims, t->sum(dims(d, n), keep != 0))
TSB int32_t tsb_mean_dims(Handle t, const int64_t* d, int32_t n, int32_t keep, int32_t dtype, Handle* out) // dtype -1: that of t
{
    GIVE(dtype < 0 ? t->mean(dims(d, n), keep != 0) : t->mean(dims(d, n), keep != 0, static_cast<at::ScalarType>(dtype)));
}

OVER_DIMS(amax, t->amax(dims(d, n), keep != 0))
OVER_DIMS(amin, t->amin(dims(d, n), keep != 0))
TSB int32_t tsb_log_softmax(Handle t, int64_t dim, Handle* out) { GIVE(t->log_softmax(dim)); }

// ---- shape -------------------------------------------------------------------------------------------------------------------
UNARY(t, t->t())
TSB int32_t tsb_reshape(Handle t, const int64_t* shape, int32_t n, Handle* out) { GIVE(t->reshape(dims(shape, n))); }
TSB int32_t tsb_permute(Handle t, const int64_t* order, int32_t n, Handle* out) { GIVE(t->permute(dims(order, n))); }
TSB int32_t tsb_is_contiguous(Handle t) { return t->is_contiguous() ? 1 : 0; }
UNARY(alias, *t) // another owner of the same tensor
UNARY(contiguous, t->contiguous())
UNARY(clone, t->clone())
UNARY(zeros_like, at::zeros_like(*t))
TSB int32_t tsb_transpose(Handle t, int64_t a, int64_t b, Handle* out) { GIVE(t->transpose(a, b)); }

TSB int32_t tsb_narrow(Handle t, int64_t dim, int64_t start, int64_t length, Handle* out)
{
    GIVE(t->narrow(dim, start, length));
}

TSB int32_t tsb_cat(Handle* tensors, int32_t count, int64_t dim, Handle* out)
{
    return guard([&] {
        std::vector<at::Tensor> parts;
        for (int32_t i = 0; i < count; ++i) {
            parts.push_back(*tensors[i]);
        }
        *out = give(at::cat(parts, dim));
    });
}

// ---- layers ------------------------------------------------------------------------------------------------------------------
// stride, padding and dilation hold two values each: rows, columns.
TSB int32_t tsb_conv2d(Handle x, Handle weight, Handle bias, const int64_t* stride, const int64_t* padding,
                       const int64_t* dilation, int64_t groups, Handle* out)
{
    GIVE(at::conv2d(*x, *weight, maybe(bias), dims(stride, 2), dims(padding, 2), dims(dilation, 2), groups));
}

TSB int32_t tsb_linear(Handle x, Handle weight, Handle bias, Handle* out)
{
    GIVE(at::linear(*x, *weight, maybe(bias)));
}

TSB int32_t tsb_batch_norm(Handle x, Handle mean, Handle var, Handle weight, Handle bias, int32_t training, double momentum,
                           double eps, Handle* out)
{
    if (training && brief::BatchNorm::suits(*x, mean, var, weight, bias)) {
        GIVE(brief::BatchNorm::apply(*x, *weight, *bias, *mean, *var, momentum, eps));
    }
    GIVE(at::batch_norm(*x, maybe(weight), maybe(bias), maybe(mean), maybe(var), training != 0, momentum, eps, true));
}

TSB int32_t tsb_instance_norm(Handle x, Handle mean, Handle var, Handle weight, Handle bias, int32_t use_input_stats,
                              double momentum, double eps, Handle* out)
{
    GIVE(at::instance_norm(*x, maybe(weight), maybe(bias), maybe(mean), maybe(var), use_input_stats != 0, momentum, eps, true));
}

TSB int32_t tsb_max_pool2d(Handle x, const int64_t* kernel, const int64_t* stride, const int64_t* padding,
                           const int64_t* dilation, int32_t ceil_mode, Handle* out)
{
    GIVE(at::max_pool2d(*x, dims(kernel, 2), dims(stride, 2), dims(padding, 2), dims(dilation, 2), ceil_mode != 0));
}

TSB int32_t tsb_avg_pool2d(Handle x, const int64_t* kernel, const int64_t* stride, const int64_t* padding, int32_t ceil_mode,
                           int32_t count_padding, Handle* out)
{
    GIVE(at::avg_pool2d(*x, dims(kernel, 2), dims(stride, 2), dims(padding, 2), ceil_mode != 0, count_padding != 0));
}

TSB int32_t tsb_adaptive_avg_pool2d(Handle x, const int64_t* size, Handle* out) { GIVE(at::adaptive_avg_pool2d(*x, dims(size, 2))); }

// pad: before and after the last dimension, then before and after the one before it, and so on.
TSB int32_t tsb_pad(Handle x, const int64_t* pad, int32_t n, double value, Handle* out)
{
    GIVE(at::constant_pad_nd(*x, dims(pad, n), value));
}

// ---- optimisers --------------------------------------------------------------------------------------------------------------
// One step of Adam for one parameter, in place; nothing happens without a gradient. largest is null, or the running maximum of AMSGrad.
// decoupled: weight decay shrinks the parameter (AdamW) instead of being added to the gradient.
TSB int32_t tsb_adam_step(Handle parameter, Handle mean, Handle square, Handle largest, int64_t* step, double lr, double beta1, double beta2,
                          double eps, double weight_decay, int32_t decoupled, int32_t maximize)
{
    return guard([&] {
        at::NoGradGuard plain;
        at::Tensor g = parameter->grad();
        if (!g.defined()) {
            return;
        }
        double t = static_cast<double>(++*step);
        if (maximize) {
            g = g.neg();
        }
        if (decoupled) {
            parameter->mul_(1 - lr * weight_decay);
        } else if (weight_decay != 0) {
            g = g.add(*parameter, weight_decay);
        }
        mean->mul_(beta1).add_(g, 1 - beta1);
        square->mul_(beta2).addcmul_(g, g, 1 - beta2);
        if (largest) {
            at::maximum_out(*largest, *largest, *square);
        }
        at::Tensor spread = (largest ? largest : square)->sqrt().div_(std::sqrt(1 - std::pow(beta2, t))).add_(eps);
        parameter->addcdiv_(*mean, spread, -lr / (1 - std::pow(beta1, t)));
    });
}

// One step of gradient descent for one parameter, in place; nothing happens without a gradient. *momentum is the caller's buffer, or null
// before the first step with momentum, which then makes it.
TSB int32_t tsb_sgd_step(Handle parameter, Handle momentum, Handle* made, double lr, double mu, double dampening, double weight_decay,
                         int32_t nesterov, int32_t maximize)
{
    return guard([&] {
        at::NoGradGuard plain;
        *made = nullptr;
        at::Tensor g = parameter->grad();
        if (!g.defined()) {
            return;
        }
        if (weight_decay != 0) {
            g = g.add(*parameter, weight_decay);
        }
        if (mu != 0) {
            if (!momentum) {
                momentum = *made = give(g.clone());
            } else {
                momentum->mul_(mu).add_(g, 1 - dampening);
            }
            g = nesterov ? g.add(*momentum, mu) : *momentum;
        }
        parameter->add_(g, maximize ? lr : -lr);
    });
}

// Scales all gradients by one factor so that their joint length is at most max_norm. Receives the length before.
TSB int32_t tsb_clip_grad_norm(Handle* parameters, int32_t count, double max_norm, double* norm)
{
    return guard([&] {
        at::NoGradGuard plain;
        std::vector<at::Tensor> gradients, norms;
        for (int32_t i = 0; i < count; ++i) {
            if (parameters[i]->grad().defined()) {
                gradients.push_back(parameters[i]->grad());
                norms.push_back(gradients.back().norm().to(at::kDouble));
            }
        }
        *norm = gradients.empty() ? 0 : at::stack(norms).norm().item<double>();
        double factor = max_norm / (*norm + 1e-6);
        if (factor < 1) {
            for (at::Tensor& g : gradients) {
                g.mul_(factor);
            }
        }
    });
}
