namespace Pipeline.Reid.Networks;

/// <summary>
/// What a network is made of. Each network is written once, in these words, for whatever <typeparamref name="T"/> is: a tensor of libtorch
/// (training, reference), a value of an ONNX graph (export), or a shape (counting).
/// </summary>
/// <typeparam name="T">What stands for a map (B, C, H, W), a matrix (B, C, P) or a vector (B, D).</typeparam>
public interface IOperations<T>
{
    /// <summary>Convolution.</summary>
    T Convolve(Convolution part, T x);

    /// <summary>Batch normalisation.</summary>
    T Normalise(BatchNorm part, T x);

    /// <summary>Instance normalisation.</summary>
    T NormaliseInstance(InstanceNorm part, T x);

    /// <summary>
    /// The convolution of RGA over the stacked relations, without the relations: with G = thetaᵀ·phi and W = [W1 W2], W·[Gᵀ; G] is
    /// (W1·phiᵀ)·theta + (W2·thetaᵀ)·phi. From two (B, C, P) to (B, outputs, P).
    /// </summary>
    /// <param name="part">1 × 1 convolution with 2P inputs.</param>
    /// <param name="theta">First embedding of the nodes.</param>
    /// <param name="phi">Second embedding of the nodes.</param>
    T Relate(Convolution part, T theta, T phi);

    /// <summary>max(x, 0). What goes in is not used again: it may be overwritten.</summary>
    T Relu(T x);

    /// <summary>min(max(x, least), most).</summary>
    T Clamp(T x, float least, float most);

    /// <summary>1 / (1 + exp(-x)).</summary>
    T Sigmoid(T x);

    /// <summary>Matrix product: (B, inputs) to (B, outputs).</summary>
    T Project(Projection part, T x);

    /// <summary>Sum of two of the same shape.</summary>
    T Add(T a, T b);

    /// <summary>Product, broadcast.</summary>
    T Multiply(T a, T b);

    /// <summary>Largest value under a window; incomplete windows at the end are left out.</summary>
    T MaxPool(T x, int kernel, int stride, int padding);

    /// <summary>Mean over dimensions, which stay with size 1 or go.</summary>
    T Mean(T x, int[] dimensions, bool keep);

    /// <summary>One behind the other along the channels.</summary>
    T Concatenate(params T[] pieces);

    /// <summary>A range of channels.</summary>
    T Channels(T x, int start, int count);

    /// <summary>A range of rows of a map.</summary>
    T Rows(T x, int start, int count);

    /// <summary>The same values in another shape; the batch stays in front.</summary>
    T Reshape(T x, params int[] sizesBehindBatch);

    /// <summary>
    /// An early map, where what a channel is on the whole says more of the camera than of the person: a training may mix it with other pictures'
    /// (<c>augmentation.style_probability</c>). Everywhere else the map as it is.
    /// </summary>
    T Restyle(T x) => x;

    /// <summary>(B, C, P) to (B, P, C).</summary>
    T Transpose(T x);
}
