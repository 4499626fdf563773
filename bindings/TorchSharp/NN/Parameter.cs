namespace TorchSharp.Modules;

/// <summary>A tensor that is a weight of a module.</summary>
public class Parameter : torch.Tensor
{
    /// <summary>Takes over a tensor, which is empty afterwards. No scope disposes a parameter; its module does.</summary>
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base((data ?? throw new ArgumentNullException(nameof(data))).MoveHandle(), register: false) => this.requires_grad = requires_grad;
}
