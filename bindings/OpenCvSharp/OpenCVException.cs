namespace OpenCvSharp;

/// <summary>An error that OpenCV raised.</summary>
public class OpenCVException : Exception
{
    /// <summary>Creates an empty one.</summary>
    public OpenCVException()
        : this(ErrorCode.StsOk, "", "", "", 0)
    {
    }

    /// <summary>Creates one with a message.</summary>
    public OpenCVException(string message)
        : base(message) => (FuncName, ErrMsg, FileName) = ("", "", "");

    /// <summary>Creates one with a message and its cause.</summary>
    public OpenCVException(string message, Exception innerException)
        : base(message, innerException) => (FuncName, ErrMsg, FileName) = ("", "", "");

    /// <summary>Creates one from what OpenCV reports.</summary>
    public OpenCVException(ErrorCode status, string funcName, string errMsg, string fileName, int line)
        : base(errMsg) => (Status, FuncName, ErrMsg, FileName, Line) = (status, funcName, errMsg, fileName, line);

    /// <summary>OpenCV's code.</summary>
    public ErrorCode Status { get; set; }

    /// <summary>Function that raised it.</summary>
    public string FuncName { get; set; }

    /// <summary>OpenCV's words.</summary>
    public string ErrMsg { get; set; }

    /// <summary>Source file that raised it.</summary>
    public string FileName { get; set; }

    /// <summary>Line in <see cref="FileName"/>.</summary>
    public int Line { get; set; }
}
