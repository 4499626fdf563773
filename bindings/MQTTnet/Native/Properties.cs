using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <summary>Properties of MQTT 5 (section 2.2.2) to and from libmosquitto's lists.</summary>
internal static class Properties
{
    internal const int ReceiveMaximum = 33;
    internal const int MaximumQoS = 36;
    internal const int RetainAvailable = 37;
    internal const int MaximumPacketSize = 39;
    internal const int ReasonString = 31;

    private const int PayloadFormat = 1;
    private const int MessageExpiry = 2;
    private const int ContentType = 3;
    private const int SessionExpiry = 17;
    private const int WillDelay = 24;
    private const int UserProperty = 38;

    /// <summary>Properties of a PUBLISH; the caller frees the list. 0 when there are none.</summary>
    internal static nint Of(MqttApplicationMessage message)
    {
        nint list = 0;
        if (message.PayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified)
        {
            _ = Mosquitto.AddByte(ref list, PayloadFormat, (byte)message.PayloadFormatIndicator);
        }

        if (message.MessageExpiryInterval > 0)
        {
            _ = Mosquitto.AddInt32(ref list, MessageExpiry, message.MessageExpiryInterval);
        }

        if (message.ContentType is not null)
        {
            _ = Mosquitto.AddString(ref list, ContentType, message.ContentType);
        }

        foreach (MqttUserProperty property in message.UserProperties ?? [])
        {
            _ = Mosquitto.AddPair(ref list, UserProperty, property.Name, property.Value);
        }

        return list;
    }

    /// <summary>Properties of a CONNECT; the library copies them, the caller frees the list.</summary>
    internal static nint OfConnect(MqttClientOptions options)
    {
        nint list = 0;
        _ = options.SessionExpiryInterval == 0 ? 0 : Mosquitto.AddInt32(ref list, SessionExpiry, options.SessionExpiryInterval);
        return list;
    }

    /// <summary>Properties of a will; the library takes the list over when it takes the will.</summary>
    internal static nint OfWill(MqttClientOptions options)
    {
        nint list = 0;
        _ = options.WillDelayInterval == 0 ? 0 : Mosquitto.AddInt32(ref list, WillDelay, options.WillDelayInterval);
        return list;
    }

    /// <summary>Fills in what a received PUBLISH carries.</summary>
    internal static void Read(nint list, MqttApplicationMessage message)
    {
        message.PayloadFormatIndicator =
            Mosquitto.ReadByte(list, PayloadFormat, out byte format, false) != 0 ? (MqttPayloadFormatIndicator)format : MqttPayloadFormatIndicator.Unspecified;
        message.MessageExpiryInterval = Mosquitto.ReadInt32(list, MessageExpiry, out uint seconds, false) != 0 ? seconds : 0;
        message.ContentType = Text(list, ContentType);
        bool skip = false;
        for (nint at = list; (at = Mosquitto.ReadPair(at, UserProperty, out nint name, out nint value, skip)) != 0; skip = true)
        {
            (message.UserProperties ??= []).Add(new MqttUserProperty(Mosquitto.TakeText(name), Mosquitto.TakeText(value)));
        }
    }

    /// <summary>The text of a property; null when the list has none of the kind.</summary>
    internal static string? Text(nint list, int identifier) =>
        Mosquitto.ReadString(list, identifier, out nint text, false) != 0 ? Mosquitto.TakeText(text) : null;
}
