namespace OpenCvSharp;

/// <summary>An error of the C# side: a wrong use of this library.</summary>
public class OpenCvSharpException : Exception
{
    /// <summary>Creates an empty one.</summary>
    public OpenCvSharpException()
    {
    }

    /// <summary>Creates one with a message.</summary>
    public OpenCvSharpException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public OpenCvSharpException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
