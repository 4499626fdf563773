// The C face of libtorch that bindings/TorchSharp imports: plain tensor functions, one line each. Built by build.sh.
//
// Rules: every function returns 0, or 1 with the message in tsb_last_error() (of the calling thread); no C++ exception crosses
// the border. A tensor is an at::Tensor* that the caller owns and gives back to tsb_delete. Null stands for an absent tensor.
// Sizes are int64_t, flags int32_t. Only ATen is used, in the part that libtorch 1.13 and 2.x have in common.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cstring>
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

} // namespace

#define TSB extern "C" __attribute__((visibility("default")))
#define GIVE(expression) return guard([&] { *out = new at::Tensor(expression); })
#define UNARY(name, expression) TSB int32_t tsb_##name(Handle t, Handle* out) { GIVE(expression); }
#define BINARY(name, expression) TSB int32_t tsb_##name(Handle a, Handle b, Handle* out) { GIVE(expression); }
#define WITH_SCALAR(name, expression) TSB int32_t tsb_##name(Handle t, double value, Handle* out) { GIVE(expression); }
#define OVER_DIMS(name, expression) \
    TSB int32_t tsb_##name(Handle t, const int64_t* d, int32_t n, int32_t keep, Handle* out) { GIVE(expression); }

// ---- the library -------------------------------------------------------------------------------------------------------------
TSB const char* tsb_version() { return "TorchSharpBridge 1"; }
TSB const char* tsb_last_error() { return last_error.c_str(); }
TSB int32_t tsb_set_num_threads(int32_t count) { return guard([&] { at::set_num_threads(count); }); }
TSB int32_t tsb_get_num_threads() { return at::get_num_threads(); }
TSB int32_t tsb_cuda_is_available() { return at::hasCUDA() ? 1 : 0; }
TSB int32_t tsb_grad_enabled() { return at::GradMode::is_enabled() ? 1 : 0; }
TSB void tsb_set_grad_enabled(int32_t on) { at::GradMode::set_enabled(on != 0); }

// ---- making, freeing, reading ------------------------------------------------------------------------------------------------
TSB void tsb_delete(Handle t) { delete t; }

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
    return guard([&] { *out = t->grad().defined() ? new at::Tensor(t->grad()) : nullptr; });
}

TSB int32_t tsb_clear_grad(Handle t) { return guard([&] { t->mutable_grad() = at::Tensor(); }); }
UNARY(detach, t->detach())

// ---- arithmetic --------------------------------------------------------------------------------------------------------------
UNARY(neg, t->neg())
UNARY(relu, t->relu())
UNARY(relu6, at::hardtanh(*t, 0, 6))
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
OVER_DIMS(sum_dims, t->sum(dims(d, n), keep != 0))
OVER_DIMS(mean_dims, t->mean(dims(d, n), keep != 0))
OVER_DIMS(amax, t->amax(dims(d, n), keep != 0))
OVER_DIMS(amin, t->amin(dims(d, n), keep != 0))
TSB int32_t tsb_log_softmax(Handle t, int64_t dim, Handle* out) { GIVE(t->log_softmax(dim)); }

// ---- shape -------------------------------------------------------------------------------------------------------------------
UNARY(t, t->t())
TSB int32_t tsb_reshape(Handle t, const int64_t* shape, int32_t n, Handle* out) { GIVE(t->reshape(dims(shape, n))); }
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
        *out = new at::Tensor(at::cat(parts, dim));
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
