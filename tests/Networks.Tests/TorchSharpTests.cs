using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>The binding itself: who frees what, what an error says, what a layer computes by hand.</summary>
[Collection("parity")]
public sealed class TorchSharpTests
{
    [SkippableFact]
    public void A_scope_frees_what_was_made_in_it_and_not_what_was_moved_out()
    {
        Libtorch.Require();
        Tensor kept;
        Tensor dropped;
        Tensor detached;
        using (DisposeScope outer = NewDisposeScope())
        {
            using (DisposeScope inner = NewDisposeScope())
            {
                dropped = zeros([2]);
                kept = ones([2]).MoveToOuterDisposeScope();
                detached = (kept + 1).DetachFromDisposeScope();
                Assert.Equal(1, inner.DisposablesCount);
            }

            Assert.True(dropped.IsInvalid);
            Assert.Equal([1f, 1f], kept.data<float>().ToArray());
        }

        Assert.True(kept.IsInvalid);
        Assert.Equal([2f, 2f], detached.data<float>().ToArray());
        detached.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detached.shape);
    }

    [SkippableFact]
    public void An_error_has_libtorchs_own_message()
    {
        Libtorch.Require();
        using Tensor a = zeros([2, 3]);
        using Tensor b = zeros([2, 3]);

        ExternalException e = Assert.Throws<ExternalException>(() => a.matmul(b));

        Assert.Contains("shapes cannot be multiplied (2x3 and 2x3)", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Gradients_flow_outside_no_grad_and_not_inside()
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([1f, 2f, 3f], [3], requires_grad: true);

        (x * x).sum().backward();

        Assert.Equal([2f, 4f, 6f], x.grad!.data<float>().ToArray());
        using (no_grad())
        {
            Assert.False((x * x).requires_grad);
        }

        Assert.True((x * x).requires_grad);
    }

    [SkippableFact]
    public void A_module_names_its_state_switches_its_mode_and_frees_its_weights()
    {
        Libtorch.Require();
        Tensor weight;
        using (Bench bench = new())
        {
            bench.register_module("conv", nn.Conv2d(1, 2, (1, 1), bias: false));
            bench.register_module("norm", nn.BatchNorm2d(2));

            Assert.Equal(
                ["conv.weight", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"], bench.state_dict().Keys);
            bench.eval();
            Assert.All(bench.named_children(), m => Assert.False(m.module.training));
            Assert.Throws<ArgumentException>(() => bench.register_module("a.b", new Bench()));
            weight = bench.state_dict()["conv.weight"];
        }

        Assert.True(weight.IsInvalid);
    }

    [SkippableFact]
    public void Batch_normalisation_counts_batches_and_keeps_the_unbiased_variance()
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        using TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(1);

        Tensor result = norm.call(tensor([1f, 3f], [2, 1]));

        Assert.Equal([-1f, 1f], result.data<float>().ToArray().Select(v => MathF.Round(v, 4)));
        Assert.Equal(1L, norm.num_batches_tracked!.item<long>());
        Assert.Equal(0.2f, norm.running_mean!.item<float>(), 6); // 0.9 · 0 + 0.1 · 2
        Assert.Equal(1.1f, norm.running_var!.item<float>(), 6); // 0.9 · 1 + 0.1 · 2, though it divides by 1
    }

    [SkippableFact]
    public void Values_come_out_row_major_whatever_the_strides()
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor([1f, 2f, 3f, 4f, 5f, 6f], [2, 3]);

        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], x.t().data<float>().ToArray());
        Assert.Equal([2f, 3f, 5f, 6f], x.narrow(1, 1, 2).data<float>().ToArray());
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f, 1f, 2f, 3f, 4f, 5f, 6f], cat([x, x]).data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => x.data<double>());
    }

    [SkippableFact]
    public void Modules_move_to_a_device_and_keep_their_values()
    {
        Libtorch.Require();
        Device device = cuda.is_available() ? CUDA : CPU;
        using DisposeScope scope = NewDisposeScope();
        using TorchSharp.Modules.Linear linear = nn.Linear(2, 1, hasBias: false);
        using (no_grad())
        {
            linear.weight.copy_(tensor([2f, 3f], [1, 2]));
        }

        TorchSharp.Modules.Linear moved = linear.to(device);

        Assert.Same(linear, moved);
        Assert.True(linear.weight.requires_grad);
        Assert.Equal([8f], linear.call(tensor([1f, 2f], [1, 2], device: device)).cpu().data<float>().ToArray());
    }
}
