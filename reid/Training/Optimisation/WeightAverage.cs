using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Reid.Training.Optimisation;

/// <summary>
/// An exponential moving average of a network's weights and running statistics, which generalises better than the last step's. In the first steps
/// it follows faster, with decay (1 + t) / (10 + t), so that the random start is forgotten. Whole numbers, such as a count of batches, are copied.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    private readonly nn.Module _network;
    private readonly double _decay;
    private readonly Dictionary<string, Tensor> _averages = [];
    private long _steps;

    /// <summary>Starts with the weights as they are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="decay">Share of the old average kept in a step, 0 to below 1.</param>
    public WeightAverage(nn.Module network, double decay = 0.999)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (decay is < 0 or >= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "0 to below 1");
        }

        _network = network;
        _decay = decay;
        foreach ((string name, Tensor weight) in network.state_dict())
        {
            using Tensor plain = weight.detach();
            _averages.Add(name, plain.clone().DetachFromDisposeScope());
        }
    }

    /// <summary>Takes the weights of a step in.</summary>
    public void Update()
    {
        using IDisposable plain = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _steps++;
        double decay = Math.Min(_decay, (1.0 + _steps) / (10 + _steps));
        foreach ((string name, Tensor weight) in _network.state_dict())
        {
            Tensor average = _averages[name];
            if (weight.dtype == int64)
            {
                average.copy_(weight);
            }
            else
            {
                average.mul_(decay).add_(weight, 1 - decay);
            }
        }
    }

    /// <summary>Puts the averages into the network until the result is disposed; then the weights of the training are back, to the bit.</summary>
    public IDisposable Apply()
    {
        Exchange();
        return new Undo(this);
    }

    /// <summary>Saves the averages.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_steps);
        foreach (Tensor average in _averages.Values)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (double value in average.cpu().@double().data<double>().ToArray())
            {
                writer.Write(value); // exact for single precision and for counts
            }
        }
    }

    /// <summary>Goes on from averages saved for the same network.</summary>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _steps = reader.ReadInt64();
        using IDisposable plain = no_grad();
        foreach (Tensor average in _averages.Values)
        {
            double[] values = new double[average.numel()];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = reader.ReadDouble();
            }

            using Tensor read = tensor(values, average.shape);
            average.copy_(read);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor average in _averages.Values)
        {
            average.Dispose();
        }
    }

    private void Exchange()
    {
        using IDisposable plain = no_grad();
        foreach ((string name, Tensor weight) in _network.state_dict())
        {
            using Tensor trained = weight.clone();
            weight.copy_(_averages[name]);
            _averages[name].copy_(trained);
        }
    }

    private sealed class Undo(WeightAverage average) : IDisposable
    {
        private bool _undone;

        public void Dispose()
        {
            if (!_undone)
            {
                _undone = true;
                average.Exchange();
            }
        }
    }
}
