namespace TorchSharp.Native;

/// <summary>The native pointers of several tensors, which stay alive until it is disposed.</summary>
internal ref struct HandleArray
{
    private readonly IReadOnlyList<TensorHandle> _held;

    internal HandleArray(IEnumerable<torch.Tensor> tensors)
    {
        List<TensorHandle> held = [];
        _held = held;
        try
        {
            foreach (torch.Tensor tensor in tensors)
            {
                TensorHandle handle = tensor.Handle;
                bool added = false;
                handle.DangerousAddRef(ref added);
                held.Add(handle);
            }

            Values = [.. held.Select(h => h.DangerousGetHandle())];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal nint[] Values { get; }

    public readonly void Dispose()
    {
        foreach (TensorHandle handle in _held)
        {
            handle.DangerousRelease();
        }
    }
}
