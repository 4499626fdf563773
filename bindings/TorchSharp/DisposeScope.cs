namespace TorchSharp;

/// <summary>Disposes, when it ends, every tensor that its thread made since it began and that was not moved out. Scopes nest.</summary>
public sealed class DisposeScope : IDisposable
{
    [ThreadStatic]
    private static DisposeScope? t_current;

    private readonly HashSet<torch.Tensor> _tensors = [];
    private bool _disposed;

    internal DisposeScope()
    {
        OuterScope = t_current;
        t_current = this;
    }

    internal static DisposeScope? Current => t_current;

    internal DisposeScope? OuterScope { get; private set; }

    /// <summary>How many tensors the scope holds now.</summary>
    public int DisposablesCount => _tensors.Count;

    /// <summary>Hands the tensor to the scope around this one; without one it is its holder's to dispose.</summary>
    /// <param name="disposable">A tensor of this scope; others are left where they are.</param>
    /// <returns>The same tensor.</returns>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is torch.Tensor tensor && _tensors.Remove(tensor))
        {
            tensor.OwningDisposeScope = OuterScope;
            OuterScope?._tensors.Add(tensor);
        }

        return disposable;
    }

    /// <summary>Takes the tensor out of all scopes: from now on its holder disposes it.</summary>
    /// <returns>The same tensor.</returns>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        if (disposable is torch.Tensor tensor && _tensors.Remove(tensor))
        {
            tensor.OwningDisposeScope = null;
        }

        return disposable;
    }

    /// <summary>Disposes every tensor still in the scope, and ends it.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (torch.Tensor tensor in _tensors.ToArray())
        {
            tensor.Dispose();
        }

        _tensors.Clear();
        if (ReferenceEquals(t_current, this))
        {
            t_current = OuterScope;
            return;
        }

        // Ended out of order: unlink it from the scopes inside it.
        for (DisposeScope? inner = t_current; inner is not null; inner = inner.OuterScope)
        {
            if (ReferenceEquals(inner.OuterScope, this))
            {
                inner.OuterScope = OuterScope;
                return;
            }
        }
    }

    internal void Add(torch.Tensor tensor) => _tensors.Add(tensor);

    internal void MarkAsDisposed(torch.Tensor tensor) => _tensors.Remove(tensor);
}
