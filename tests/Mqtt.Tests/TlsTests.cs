using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pipeline.Store.Mqtt;

namespace Pipeline.Tests.Mqtt;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mqtt-tls-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task With_the_authority_known_and_a_client_certificate_events_go_through()
    {
        await using LocalBroker broker = await StartAsync("127.0.0.1");
        MemoryOutbox outbox = new();
        outbox.Add(MemoryOutbox.Row(1));

        await using Running running = await Running.StartAsync(Options(broker), outbox);
        await running.HearsAsync("connected to mqtts://127.0.0.1");

        Assert.Equal(0, await running.StopAsync());
    }

    [SkippableFact]
    public async Task A_server_of_another_name_is_not_trusted()
    {
        await using LocalBroker broker = await StartAsync("10.9.9.9");

        await using Running running = await Running.StartAsync(Options(broker), new MemoryOutbox());

        Assert.Matches("TLS|certificate", await running.HearsAsync("trying again"));
    }

    [SkippableFact]
    public async Task A_server_of_an_unknown_authority_is_not_trusted()
    {
        await using LocalBroker broker = await StartAsync("127.0.0.1");

        await using Running running = await Running.StartAsync(Options(broker) with { CaFile = null }, new MemoryOutbox());

        Assert.Matches("certificate (verify failed|is invalid)", await running.HearsAsync("trying again"));
    }

    private MqttOptions Options(LocalBroker broker) => Program.Options(broker.Port) with
    {
        Broker = $"mqtts://127.0.0.1:{broker.Port}",
        AllowPlaintext = false,
        CaFile = Path.Combine(_folder, "ca.pem"),
        CertificateFile = Path.Combine(_folder, "client.pem"),
        KeyFile = Path.Combine(_folder, "client.key"),
    };

    private Task<LocalBroker> StartAsync(string serverAddress)
    {
        using RSA caKey = RSA.Create(2048);
        CertificateRequest ca = new("CN=test authority", caKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        ca.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 authority = ca.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), authority.ExportCertificatePem());
        Issue(authority, "server", serverAddress);
        Issue(authority, "client", "127.0.0.1");
        string At(string name) => Path.Combine(_folder, name);
        return Mosquitto.StartAsync(
            null, $"cafile {At("ca.pem")}", $"certfile {At("server.pem")}", $"keyfile {At("server.key")}", "require_certificate true", "user root");
    }

    private void Issue(X509Certificate2 authority, string name, string address)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(_folder, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
