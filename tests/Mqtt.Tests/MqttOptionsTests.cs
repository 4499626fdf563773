using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

public sealed class MqttOptionsTests
{
    [Theory]
    [InlineData("mqtts://broker.example:8884")]
    [InlineData("broker.example")]
    [InlineData("10.0.0.4:8883")]
    public void A_broker_with_TLS_may_be_anywhere(string broker) => Assert.Empty(new MqttOptions { Broker = broker }.Problems());

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("192.168.1.2:1884")]
    [InlineData("172.31.0.1")]
    [InlineData("[::1]:1883")]
    [InlineData("[fd00::1]")]
    public void Plain_text_is_for_loopback_and_private_addresses_when_allowed(string host)
    {
        Assert.Empty(new MqttOptions { Broker = $"mqtt://{host}", AllowPlaintext = true }.Problems());
        Assert.Contains("mqtt.allow_plaintext: true", Assert.Single(new MqttOptions { Broker = $"mqtt://{host}" }.Problems()).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqtt://8.8.8.8")]
    [InlineData("mqtt://172.32.0.1:1883")]
    [InlineData("mqtt://[2001:db8::1]")]
    public void Plain_text_to_anywhere_else_is_refused_even_when_allowed(string broker) =>
        Assert.Contains("plain text only to a loopback or private address", Assert.Single(new MqttOptions { Broker = broker, AllowPlaintext = true }.Problems()).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("mqtts://pipeline:hunter2@broker.example")]
    [InlineData("mqtts://pipeline:hunt@er2@broker.example")]
    [InlineData("ftp://u:hunter2@broker.example")]
    public void A_password_in_the_URL_is_refused_without_being_repeated(string broker)
    {
        (string key, string problem) = Assert.Single(new MqttOptions { Broker = broker }.Problems());
        Assert.Equal("mqtt.broker", key);
        Assert.DoesNotContain("er2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        MqttOptions options = new()
        {
            Prefix = "",
            InFlight = 0,
            EventExpiry = TimeSpan.Zero,
            PasswordEnv = "X",
            PasswordFile = "/nowhere",
            ReconnectMax = TimeSpan.FromMilliseconds(1),
        };

        Assert.Equal(
            ["mqtt.event_expiry_ms", "mqtt.in_flight", "mqtt.password_file", "mqtt.password_file", "mqtt.prefix", "mqtt.reconnect_max_ms", "mqtt.user_name"],
            options.Problems().Select(problem => problem.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("see rtsp://me:se@cret@10.0.0.1/x and http://a:b@h", "see rtsp://***@10.0.0.1/x and http://***@h")]
    [InlineData("nothing to hide at mqtts://broker:8883", "nothing to hide at mqtts://broker:8883")]
    public void Masking_leaves_host_and_text(string text, string masked) => Assert.Equal(masked, Secrets.Mask(text));

    [Fact]
    public void Masking_knows_the_password_anywhere() => Assert.Equal("auth '***' failed", Secrets.Mask("auth 'hunter2' failed", "hunter2"));

    [Fact]
    public void A_camera_that_is_no_slug_gets_no_topic() => Assert.Throws<ArgumentException>(() => new Topics("reid", "site").CameraState("front/door"));
}
