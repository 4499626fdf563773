using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Cli.Terminal;

namespace Pipeline.Cli.Report;

/// <summary>
/// Writes HTML so that nothing is forgotten to be escaped: what stands in the literal is markup, what stands in a hole is text
/// (escaped, for elements and quoted attributes) unless it is <see cref="Markup"/>.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    /// <summary>Writes markup with its holes filled.</summary>
    public void Write(Html html) => output.Write(html.ToString());
}

/// <summary>Text that is markup already.</summary>
/// <param name="Text">Made by our own code from escaped parts.</param>
internal readonly record struct Markup(string Text)
{
    /// <summary>Markup with its holes filled.</summary>
    public static Markup Of(Html html) => new(html.ToString());
}

/// <summary>The compiler fills it from an interpolated string.</summary>
[InterpolatedStringHandler]
internal readonly ref struct Html(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    /// <summary>Markup as it stands.</summary>
    public void AppendLiteral(string literal) => _text.Append(literal);

    /// <summary>Text, escaped; control characters replaced.</summary>
    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(TerminalText.Clean(text ?? "")));

    /// <summary>Markup as it is.</summary>
    public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

    /// <summary>A number, in invariant form.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
        where T : struct, IFormattable => _text.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));

    /// <summary>A picture inside the page.</summary>
    public static Markup DataUri(ReportCrop crop) =>
        new($"data:{(crop.MediaType is "image/png" ? "image/png" : "image/jpeg")};base64,{Convert.ToBase64String(crop.Bytes)}");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
