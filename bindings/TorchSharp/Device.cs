namespace TorchSharp;

/// <summary>Kinds of device, numbered as in libtorch.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA graphics card.</summary>
    CUDA = 1,
}

public static partial class torch
{
    /// <summary>The processor.</summary>
    public static readonly Device CPU = new(DeviceType.CPU);

    /// <summary>The current graphics card.</summary>
    public static readonly Device CUDA = new(DeviceType.CUDA);

    /// <summary>The device of that name: <c>cpu</c>, <c>cuda</c> or <c>cuda:0</c>.</summary>
    public static Device device(string description) => new(description);

    /// <summary>Where a tensor lives.</summary>
    public class Device
    {
        /// <summary>Parses <c>cpu</c>, <c>cuda</c> or <c>cuda:0</c>.</summary>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            string[] parts = description.Split(':');
            type = Enum.Parse<DeviceType>(parts[0].ToUpperInvariant());
            index = parts.Length == 2 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : -1;
        }

        /// <summary>A device by kind and number.</summary>
        /// <param name="deviceType">The kind.</param>
        /// <param name="index">Its number; -1 is the current one.</param>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        /// <summary>The kind.</summary>
        public DeviceType type { get; }

        /// <summary>Its number; -1 is the current one.</summary>
        public int index { get; }

        /// <inheritdoc/>
        public override string ToString() => (type, index) switch
        {
            (DeviceType.CPU, _) => "cpu",
            (_, -1) => "cuda",
            _ => $"cuda:{index}",
        };
    }
}
