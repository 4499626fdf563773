using System.Text;

namespace MQTTnet;

/// <summary>Reads a message's payload.</summary>
public static class MqttApplicationMessageExtensions
{
    /// <summary>The payload as UTF-8 text; null when it is empty.</summary>
    /// <param name="applicationMessage">The message.</param>
    public static string? ConvertPayloadToString(this MqttApplicationMessage applicationMessage)
    {
        ArgumentNullException.ThrowIfNull(applicationMessage);
        return applicationMessage.Payload.Length == 0 ? null : Encoding.UTF8.GetString(applicationMessage.Payload);
    }
}
