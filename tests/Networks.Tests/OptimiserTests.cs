using Pipeline.Reid.Training.Losses;
using Pipeline.Reid.Training.Optimisation;
using Pipeline.Reid.Weights;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Pipeline.Tests.Networks;

/// <summary>Optimisers against PyTorch's numbers, resumed in the middle; the average of weights.</summary>
[Collection("parity")]
public sealed class OptimiserTests(ParityTable parity, ITestOutputHelper output)
{
    private static readonly string[] s_parameters = ["conv.weight", "bn.weight", "bn.bias"];

    [SkippableTheory]
    [InlineData("adam_wd5e-4", false)]
    [InlineData("adam_wd5e-4", true)]
    [InlineData("adam_amsgrad", true)]
    [InlineData("adamw", true)]
    [InlineData("sgd_momentum", true)]
    [InlineData("sgd_nesterov", true)]
    [InlineData("sgd_plain", true)]
    public void Six_steps_are_those_of_PyTorch_even_when_state_goes_through_a_file(string name, bool resumed)
    {
        using Case golden = new($"optim_{name}");
        Parameter[] parameters = [.. s_parameters.Select(p => new Parameter(golden.Singles($"p0.{p}").detach()))];
        OptimizerHelper optimizer = Make(name, parameters);
        for (int step = 0; step < 6; step++)
        {
            if (step == 3)
            {
                foreach (optim.ILearningRateController group in optimizer.ParamGroups)
                {
                    group.LearningRate *= 0.1;
                }
            }

            optimizer.zero_grad();
            foreach ((Parameter parameter, string key) in parameters.Zip(s_parameters))
            {
                (parameter * golden.Singles($"g{step}.{key}").detach()).sum().backward(); // its gradient is the other factor
            }

            optimizer.step();
            if (resumed && step == 3)
            {
                using MemoryStream file = new();
                using BinaryWriter writer = new(file);
                optimizer.save_state_dict(writer);
                optimizer.Dispose();
                optimizer = Make(name, parameters);
                file.Position = 0;
                using BinaryReader reader = new(file);
                optimizer.load_state_dict(reader);
                Assert.Equal(file.Length, file.Position);
            }

            double largest = parameters.Zip(s_parameters).Max(p => golden.Off($"p{step + 1}.{p.Second}", p.First));
            parity.Note(output, $"losses/optim_{name}{(resumed ? ", resumed" : "")}", largest, 3e-7); // two units in the last place of a weight above 1
        }

        optimizer.Dispose();
        Array.ForEach(parameters, p => p.Dispose());
    }

    [SkippableFact]
    public void An_optimiser_refuses_the_state_of_another()
    {
        Libtorch.Require();
        using Parameter one = new(zeros([2]));
        using Parameter other = new(zeros([3]));
        using Adam adam = optim.Adam([one]);
        using AdamW adamW = optim.AdamW([one]);
        using Adam two = optim.Adam([one, other]);
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        adam.save_state_dict(writer);

        Assert.Throws<InvalidDataException>(() => Load(adamW));
        Assert.Throws<ArgumentException>(() => Load(two));

        void Load(OptimizerHelper optimizer)
        {
            file.Position = 0;
            using BinaryReader reader = new(file, System.Text.Encoding.UTF8, leaveOpen: true);
            optimizer.load_state_dict(reader);
        }
    }

    [SkippableFact]
    public void Groups_have_their_own_learning_rate_and_weight_decay()
    {
        Libtorch.Require();
        using Parameter fast = new(ones([1]));
        using Parameter still = new(ones([1]));
        using SGD sgd = optim.SGD(
            [new SGD.ParamGroup([fast], new SGD.Options { LearningRate = 0.5 }), new SGD.ParamGroup([still], new SGD.Options { weight_decay = 0.25 })],
            learningRate: 1);

        (fast + (still * 0)).sum().backward();
        sgd.step();

        Assert.Equal(0.5f, fast.item<float>()); // 1 - 0.5 · 1
        Assert.Equal(0.75f, still.item<float>()); // 1 - 1 · (0 + 0.25 · 1)
    }

    [SkippableFact]
    public void Gradients_are_shortened_together_and_only_when_too_long()
    {
        Libtorch.Require();
        using Parameter a = new(zeros([1]));
        using Parameter b = new(zeros([1]));
        using Tensor loss = (a * 3) + (b * 4);
        loss.sum().backward();

        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 10), 1e-6);
        Assert.Equal(3, a.grad!.item<float>());
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Assert.Equal(0.6f, a.grad!.item<float>(), 1e-5f);
        Assert.Equal(0.8f, b.grad!.item<float>(), 1e-5f);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keras_Adam_takes_the_steps_of_Keras(bool resumed)
    {
        using Case golden = new("optim_keras_adam");
        using Parameter parameter = new(golden.Singles("p0").detach());
        KerasAdam adam = new([parameter], golden.Number("lr"), golden.Number("epsilon"));
        for (int step = 0; step < 6; step++)
        {
            adam.ClearGradients();
            (parameter * golden.Singles($"g{step}").detach()).sum().backward();
            adam.Step();
            if (resumed && step == 2)
            {
                using MemoryStream file = new();
                using BinaryWriter writer = new(file);
                adam.Save(writer);
                adam.Dispose();
                adam = new KerasAdam([parameter], 1);
                file.Position = 0;
                using BinaryReader reader = new(file);
                adam.Load(reader);
            }

            parity.Note(output, $"losses/optim_keras_adam{(resumed ? ", resumed" : "")}", golden.Off($"p{step + 1}", parameter), 2e-7);
        }

        adam.Dispose();
    }

    [SkippableFact]
    public void Weights_and_factors_move_together_as_in_the_run_in_double()
    {
        using Case golden = new("adaptive_l2_run");
        using Parameter w = new(golden.Doubles("w0").detach());
        using AdaptiveL2 adaptive = new([("w", w)], golden.Number("amplitude"));
        using KerasAdam adam = new([w, adaptive.Theta], golden.Number("lr"), golden.Number("epsilon"));
        Tensor target = golden.Doubles("target").detach();
        double[] wAfter = golden.Tensors["w_after"].ToDoubles();
        double[] thetaAfter = golden.Tensors["theta_after"].ToDoubles();
        double[] lossBefore = golden.Tensors["loss_before"].ToDoubles();
        for (int step = 0; step < 20; step++)
        {
            Tensor loss = ((w - target).pow(2).sum() * 0.5) + adaptive.Penalty();
            adam.ClearGradients();
            loss.backward();
            adam.Step();

            double off = w.detach().data<double>().ToArray().Zip(wAfter.Skip(6 * step), (a, b) => Math.Abs(a - b)).Max();
            parity.Note(output, "losses/adaptive_l2_run weights", off, 1e-12);
            parity.Note(output, "losses/adaptive_l2_run theta", Math.Abs(adaptive.Theta.item<double>() - thetaAfter[step]), 1e-12);
            parity.Note(output, "losses/adaptive_l2_run loss", Math.Abs(loss.item<double>() - lossBefore[step]), 1e-12);
        }

        Assert.True(adaptive.Theta.item<double>() < 0, "factors only fall");
    }

    [SkippableFact]
    public void The_average_follows_the_weights_and_lends_itself_to_the_network()
    {
        Libtorch.Require();
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm1d norm = nn.BatchNorm1d(1);
        using WeightAverage average = new(norm, decay: 0.9);
        double expected = 1;
        for (int step = 1; step <= 30; step++)
        {
            using (no_grad())
            {
                norm.weight!.copy_(tensor([1f + step], [1]));
            }

            norm.call(tensor([1f, 3f], [2, 1]));
            average.Update();
            double decay = Math.Min(0.9, (1.0 + step) / (10 + step));
            expected = (expected * decay) + ((1 + step) * (1 - decay));
        }

        using (MemoryStream file = new())
        {
            using BinaryWriter writer = new(file);
            average.Save(writer);
            using WeightAverage again = new(norm, decay: 0.9);
            file.Position = 0;
            using BinaryReader reader = new(file);
            again.Load(reader);
            using (again.Apply())
            {
                Assert.Equal(expected, norm.weight!.item<float>(), 1e-4);
                Assert.Equal(30, norm.num_batches_tracked!.item<long>());
            }
        }

        Assert.Equal(31f, norm.weight!.item<float>());
        using (average.Apply())
        {
            Assert.Equal(expected, norm.weight.item<float>(), 1e-4);
        }

        Assert.Equal(31f, norm.weight.item<float>());
        Assert.True(norm.weight.requires_grad);
    }

    private static OptimizerHelper Make(string name, Parameter[] parameters) => name switch
    {
        "adam_wd5e-4" => optim.Adam(parameters, lr: 8e-4, weight_decay: 5e-4),
        "adam_amsgrad" => optim.Adam(parameters, lr: 3.5e-4, weight_decay: 5e-4, amsgrad: true),
        "adamw" => optim.AdamW(parameters, lr: 3.5e-4, weight_decay: 1e-2),
        "sgd_momentum" => optim.SGD(parameters, 0.1, momentum: 0.9, weight_decay: 5e-4),
        "sgd_nesterov" => optim.SGD(parameters, 0.1, momentum: 0.9, weight_decay: 5e-4, nesterov: true),
        _ => optim.SGD(parameters, 0.5),
    };
}
